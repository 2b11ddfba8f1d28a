import { Integration } from '@botpress/sdk';
import { malformed } from '../host/failures';

/** Brings a message to the visitor's open pages; those that are closed find it in their history. */
export type Push = (threadId: string, messageId: string) => Promise<void>;

interface SendProps {
  conversation: { id: string };
  message: { id: string };
}

/** The web chat as an integration: what it sends goes to sockets of ours. */
export function createWebchatIntegration(push: Push): Integration {
  const send = async (props: unknown) => {
    const { conversation, message } = props as SendProps;
    await push(conversation.id, message.id);
  };
  return new Integration({
    register: async () => undefined,
    unregister: async () => undefined,
    // Visitors come by socket, with a token: there is no webhook to call.
    handler: async () => {
      throw malformed('The web chat has no webhook.');
    },
    channels: {
      channel: {
        messages: {
          text: send,
          choice: send,
          image: send,
          audio: send,
          video: send,
          file: send,
          location: send,
          link: send,
        },
      },
    },
    actions: {},
  } as never) as unknown as Integration;
}
