type Rule = { type: string; pattern?: string; minLength?: number; maxLength?: number };

const types: Record<string, RegExp> = {
  number: /-?\d+(?:\.\d+)?/,
  email: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/,
  phone: /\+?\d[\d -]{5,18}\d/,
  date: /\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}/,
  orderNumber: /\d{6,20}/,
};
const longestAnswer = 2_000;

/** The answer that an `ask` wants, taken out of what was written: `订单号是 2026…` holds an order number. Null: none. */
export function validateAnswer(rule: Rule, text: string): string | null {
  const plain = text.trim().normalize('NFKC').slice(0, longestAnswer);
  const type = types[rule.type];
  const value = type ? (type.exec(plain)?.[0] ?? null) : plain;
  if (!value) return null;
  if (rule.pattern && !new RegExp(rule.pattern, 'iu').test(value)) return null;
  if (value.length < (rule.minLength ?? 1) || value.length > (rule.maxLength ?? longestAnswer)) return null;
  return value;
}
