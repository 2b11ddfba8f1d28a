type XmlValue = string | number | { [tag: string]: XmlValue };

/** `<xml>…</xml>` as WeChat writes it: numbers bare, text in CDATA. */
export function toXml(fields: Record<string, XmlValue>): string {
  return `<xml>\n${tags(fields)}\n</xml>`;
}

function tags(fields: Record<string, XmlValue>): string {
  return Object.entries(fields)
    .map(([tag, value]) => `<${tag}>${inner(value)}</${tag}>`)
    .join('\n');
}

function inner(value: XmlValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  return `\n${tags(value)}\n`;
}
