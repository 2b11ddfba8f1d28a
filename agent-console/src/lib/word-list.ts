/** Words as people write them in one line, with the commas of their language. */
export const asWords = (line: string): string[] => [
  ...new Set(
    line
      .split(/[,，、;；\n]/)
      .map((word) => word.trim())
      .filter(Boolean),
  ),
];
export const fromWords = (words: string[]): string => words.join(', ');

/** One a line. */
export const asLines = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];
