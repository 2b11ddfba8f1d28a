/**
 * What becomes of a message whose answer was lost: the connection broke or the server stopped after the platform may
 * have taken it. `sendAgain`: the platform drops a second message under the same key, so it goes out again by itself;
 * `awaitEcho`: it is unknown until the platform shows us our own message; `askAgent`: it is unknown, and an agent is
 * asked whether to send it again. Also while an echo is awaited the agent may decide.
 */
export type LostAnswer = 'sendAgain' | 'awaitEcho' | 'askAgent';

export interface SendPolicy {
  lostAnswer: LostAnswer;
  /** What tells the platform that a message is one that it has; null where nothing does. */
  idempotencyKey: string | null;
  /** What brings our own message back to us; null where nothing does. */
  echo: string | null;
  /** Where it stands, and when it was read. */
  source: string;
}

/** Of a platform nobody has told us anything about: whatever may repeat a message is a person's decision. */
export const safePolicy: SendPolicy = {
  lostAnswer: 'askAgent',
  idempotencyKey: null,
  echo: null,
  source: 'the safe default',
};
