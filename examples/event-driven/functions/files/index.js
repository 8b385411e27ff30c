const { noteUse } = require('usage');

/** A file was uploaded to `<license>/<name>`. */
exports.handler = async (event) => {
  for (const { s3: { object } } of event.Records) {
    const [license] = object.key.split('/');
    await noteUse({ id: `${object.key}#${object.sequencer}`, license, dimension: 'Files', quantity: 1 });
  }
};
