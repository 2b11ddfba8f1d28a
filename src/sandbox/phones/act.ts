import { z } from 'zod';

const mediaData = z
  .base64()
  .max(3_000_000)
  .optional()
  .describe('The file; without it a sample of the sandbox is sent');

/** Something that a customer does on the phone. */
export const act = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(4_096) }),
  z.strictObject({ kind: z.literal('image'), data: mediaData, caption: z.string().max(1_024).optional() }),
  z.strictObject({ kind: z.literal('voice'), transcript: z.string().max(500).optional() }),
  z.strictObject({ kind: z.literal('document'), caption: z.string().max(1_024).optional() }),
  z.strictObject({
    kind: z.literal('location'),
    latitude: z.number().min(-90).max(90).default(31.2304),
    longitude: z.number().min(-180).max(180).default(121.4737),
    label: z.string().max(200).default('上海市黄浦区人民广场'),
  }),
  z.strictObject({
    kind: z.literal('link'),
    url: z.url(),
    title: z.string().max(200),
    description: z.string().max(500).default(''),
  }),
  z.strictObject({ kind: z.literal('menu'), key: z.string().min(1).max(128) }),
  z.strictObject({ kind: z.literal('press'), data: z.string().min(1).max(200) }),
  z.strictObject({ kind: z.literal('edit'), text: z.string().min(1).max(4_096) }),
  z.strictObject({ kind: z.literal('subscribe') }),
  z.strictObject({ kind: z.literal('unsubscribe') }),
  z.strictObject({ kind: z.literal('scan'), scene: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('start') }),
  z.strictObject({ kind: z.literal('block') }),
  z.strictObject({ kind: z.literal('unblock') }),
]);
export type Act = z.output<typeof act>;
export type ActInput = z.input<typeof act>;

/** The platform has no such act: WeChat has no edits, Telegram no menu. */
export class UnknownAct extends Error {
  constructor(kind: string, platform: string) {
    super(`A ${platform} phone cannot do "${kind}".`);
  }
}
