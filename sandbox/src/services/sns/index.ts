import type { RunningService, SandboxService } from '../../wiring/service';
import { FAUXQS } from '../fauxqs';
import { snsActions } from './actions';
import { SnsApi } from './api';
import { SNS_TYPES } from './resources';
import { TopicService } from './topic-service';

const PUBLISHING = ['Publish', 'PublishBatch'];

export interface RunningSns extends RunningService {
  /** Publishes to every topic of that name, without a call of Publish: what AWS's own topics do. */
  publish(name: string, message: string): void;
}

export const SNS: SandboxService<RunningSns> = {
  name: 'sns',
  resources: SNS_TYPES,
  lists: ['topics'],
  apis: [{
    name: 'sns',
    format: 'query',
    recognizes: (_, action) => action !== undefined,
    actions: snsActions,
    faults: {
      operations: [
        ...PUBLISHING, 'ConfirmSubscription', 'CreateTopic', 'DeleteTopic', 'GetSubscriptionAttributes', 'GetTopicAttributes', 'ListSubscriptions',
        'ListSubscriptionsByTopic', 'ListTagsForResource', 'ListTopics', 'SetSubscriptionAttributes', 'SetTopicAttributes', 'Subscribe', 'TagResource',
        'Unsubscribe', 'UntagResource',
      ],
      applicable: { drop: PUBLISHING, duplicate: PUBLISHING, delay: PUBLISHING },
    },
  }],
  start: ({ core, services }) => {
    const { engine } = services.get(FAUXQS);
    const topics = new TopicService({ ...core, topics: core.model.topics });
    return {
      publish: (name, message) => core.model.topics.filter((topic) => topic.name === name).forEach((topic) => {
        topics.publishLater(topic, { message }, 0);
      }),
      handlers: { sns: new SnsApi(topics, engine) },
      destinations: {
        sns: async (arn, { body, attributes }) => {
          const topic = topics.find(arn);
          if (topic) {
            await topics.publish(topic, { message: body, attributes });
          }
          return topic !== undefined;
        },
      },
      deploy: () => topics.deploy(engine()),
    };
  },
};
