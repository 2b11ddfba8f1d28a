import { useUiWords } from './words';

/** What the server calls a message that holds no words: `[image] parcel.png`. */
const label = /^\[(image|voice|video|file|location)\]/;

/** The text of a message where only a line fits, in the reader's language. */
export function usePreview(): (text: string) => string {
  const t = useUiWords();
  return (text) => {
    const kind = label.exec(text)?.[1] as 'image' | 'voice' | 'video' | 'file' | 'location' | undefined;
    return kind ? text.replace(label, t(`preview.${kind}`)) : text;
  };
}
