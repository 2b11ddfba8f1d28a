import type { Texts } from './schema';

/** The text in the contact's language, or in the nearest that there is. */
export function textIn(texts: Texts, language: string): string {
  const order =
    language === 'en'
      ? (['en', 'zh-CN', 'zh-TW'] as const)
      : language === 'zh-TW'
        ? (['zh-TW', 'zh-CN', 'en'] as const)
        : (['zh-CN', 'zh-TW', 'en'] as const);
  return order.map((one) => texts[one]).find((text) => text !== undefined) ?? '';
}

/** Puts `{slot}` and `{config.name}` in. What is not there becomes nothing. */
export function fill(
  template: string,
  slots: Record<string, string>,
  config: Record<string, string>,
  encode: (value: string) => string = (value) => value,
): string {
  return template.replace(/\{(config\.)?(\w+)\}/g, (_all, fromConfig: string | undefined, name: string) => {
    const source = fromConfig ? config : slots;
    const value = Object.hasOwn(source, name) ? (source[name] ?? '') : '';
    return fromConfig ? value : encode(value);
  });
}
