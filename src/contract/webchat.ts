import { z } from 'zod';

/** The handshake of the `/webchat` namespace. */
export const webchatAuth = z.object({
  account: z.string().min(1).max(200),
  visitorToken: z.string().max(500).optional(),
});

const clientMessageId = z.string().min(1).max(100);
export const webchatSend = z.union([
  z.strictObject({
    clientMessageId,
    text: z
      .string()
      .max(4_000)
      .refine((value) => value.trim() !== '', 'must not be empty'),
  }),
  z.strictObject({
    clientMessageId,
    choice: z.string().min(1).max(64),
    label: z.string().max(200).optional(),
  }),
  z.strictObject({ clientMessageId, attachmentId: z.string().min(1).max(100) }),
]);
export const webchatTyping = z.strictObject({ typing: z.boolean() });

export interface WebchatMessage {
  id: string;
  author: 'contact' | 'bot' | 'agent' | 'system';
  text: string;
  choices?: { id: string; label: string }[];
  attachments?: { url: string; name: string; mimeType: string; sizeBytes: number }[];
  clientMessageId?: string;
  at: string;
}
export type WebchatSendAnswer = { ok: true; id: string } | { error: { code: string; message: string } };

export interface WebchatServerEvents {
  welcome: (welcome: { visitorToken: string; messages: WebchatMessage[] }) => void;
  message: (message: WebchatMessage) => void;
  typing: (typing: { author: 'bot' | 'agent'; typing: boolean }) => void;
  /** It is stored: from now on it cannot be lost. Also when it was sent again. */
  delivery: (delivery: { clientMessageId: string; state: 'stored' }) => void;
}
export interface WebchatClientEvents {
  send: (message: z.infer<typeof webchatSend>, ack: (answer: WebchatSendAnswer) => void) => void;
  typing: (typing: z.infer<typeof webchatTyping>) => void;
}
