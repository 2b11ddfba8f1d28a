import type { SendPolicy } from '../domain/send-policy';

/**
 * How each channel that Parley comes with avoids sending twice. The only place that says so: an integration that is not
 * named here, whatever it calls itself, has the safe default. `docs/sending.md` shows this table.
 */
export const sendPolicies = {
  webchat: {
    lostAnswer: 'sendAgain',
    idempotencyKey: 'the message id: a page shows each id once',
    echo: null,
    source: 'our own',
  },
  wechat: {
    lostAnswer: 'askAgent',
    // `client_msg_id` exists for template messages only.
    idempotencyKey: null,
    echo: null,
    source: 'developers.weixin.qq.com, customer-service messages (客服消息), 2026-10',
  },
  telegram: {
    lostAnswer: 'askAgent',
    idempotencyKey: null,
    echo: null,
    source: 'https://core.telegram.org/bots/api#sendmessage, 2026-10',
  },
} satisfies Record<string, SendPolicy>;
