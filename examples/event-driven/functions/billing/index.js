const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');

const sqs = new SQSClient({});

/** Reports what was used, as the stream of the table brings it. */
exports.handler = async (event) => {
  const records = event.Records.map(({ dynamodb: { NewImage: use } }) => ({
    id: use.id.S, license: use.license.S, dimension: use.dimension.S, quantity: Number(use.quantity.N), time: use.time.S,
  }));
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.USAGE_QUEUE_URL, MessageBody: JSON.stringify(records) }));
};
