/** The words in the language of the page, or in the nearest that there is. */
export function inLanguage(texts: Record<string, string> | null, language: string): string | null {
  if (!texts) return null;
  return texts[language] ?? texts['zh-CN'] ?? Object.values(texts)[0] ?? null;
}
