import { z } from 'zod';
import type { PhoneButton } from '../phones/phone-message';
import { objectParameter } from './parameters';
import { badRequest } from './telegram-error';

const MAX_CALLBACK_BYTES = 64;

const markup = z.object({
  inline_keyboard: z
    .array(
      z.array(
        z.object({
          text: z.string().min(1),
          callback_data: z.string().min(1).optional(),
          url: z.string().optional(),
        }),
      ),
    )
    .optional(),
});

/** The inline keyboard of a message, as its phone shows it. */
export function readKeyboard(replyMarkup: unknown): PhoneButton[] | undefined {
  if (replyMarkup === undefined) return undefined;
  const parsed = markup.safeParse(objectParameter(replyMarkup));
  if (!parsed.success) throw badRequest("can't parse inline keyboard button");
  const buttons = parsed.data.inline_keyboard?.flat() ?? [];
  for (const { callback_data: data, url } of buttons) {
    if (!data && !url)
      throw badRequest(
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
      );
    if (data && Buffer.byteLength(data) > MAX_CALLBACK_BYTES) throw badRequest('BUTTON_DATA_INVALID');
  }
  return buttons.map(({ text, callback_data, url }) => ({ label: text, data: callback_data, url }));
}
