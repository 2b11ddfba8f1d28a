/** @jsxImportSource preact */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatState, Connection } from './connection';
import type { Texts } from './texts';

interface Props {
  texts: Texts;
  state: ChatState;
  connection: Connection;
}

export function Composer({ texts, state, connection }: Props) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<'tooLarge' | 'badFile' | 'notUploaded' | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const words = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a phone the keyboard would cover half the chat before anybody asked for it.
    const begin = () => matchMedia('(pointer: coarse)').matches || words.current?.focus();
    if (document.hasFocus()) begin();
    addEventListener('focus', begin);
    return () => removeEventListener('focus', begin);
  }, []);
  const send = () => {
    if (text.trim() === '') return;
    connection.sendText(text);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends an input method's composition is not an Enter that sends.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const attach = async (input: HTMLInputElement) => {
    const chosen = input.files?.[0];
    input.value = '';
    if (chosen) setProblem(await connection.attach(chosen));
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {problem && (
        <p class="problem" role="alert">
          {texts[problem]}
        </p>
      )}
      <button
        class="icon"
        type="button"
        aria-label={texts.attach}
        disabled={state.link !== 'online'}
        onClick={() => file.current?.click()}
      >
        <svg
          width="20"
          height="20"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          stroke-width="2"
          aria-hidden="true"
        >
          <path d="M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7" />
        </svg>
      </button>
      <input ref={file} type="file" hidden onChange={(event) => void attach(event.currentTarget)} />
      <textarea
        ref={words}
        rows={1}
        maxLength={4000}
        value={text}
        placeholder={texts.placeholder}
        aria-label={texts.placeholder}
        onInput={(event) => {
          setText(event.currentTarget.value);
          connection.typed();
        }}
        onKeyDown={onKeyDown}
      />
      <button class="send" type="submit" disabled={text.trim() === ''}>
        {texts.send}
      </button>
    </form>
  );
}
