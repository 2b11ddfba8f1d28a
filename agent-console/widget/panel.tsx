/** @jsxImportSource preact */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Composer } from './composer';
import { Connection, type ChatState } from './connection';
import { openKeeper, type Kept } from './keeper';
import { Thread } from './thread';
import { languageOf, textsOf, type Texts } from './texts';

const [, , account = 'web'] = location.pathname.split('/').map(decodeURIComponent);
const language = new URLSearchParams(location.search).get('language') || navigator.language;
const texts = textsOf(language);

document.documentElement.lang = languageOf(language);
document.title = texts.title;
const tellHost = (message: object) => parent !== window && parent.postMessage(message, '*');
const close = () => tellHost({ parley: 'close' });
const host = greetHost();
const connection = new Connection(account, await openKeeper(account, host.kept));
host.follow((isOpen) => connection.opened(isOpen));

/** Tells the page around us that we listen; it answers with what it keeps, and says when we are shown. */
function greetHost() {
  let isOpen = true;
  let tell = (_isOpen: boolean): void => undefined;
  const kept = new Promise<Kept>((resolve) =>
    addEventListener('message', ({ source, data }) => {
      if (source !== parent || parent === window || !data?.parley) return;
      isOpen = data.parley === 'opened' || data.open === true;
      tell(isOpen);
      if (data.parley === 'hello') resolve(data.kept ?? {});
    }),
  );
  tellHost({ parley: 'ready' });
  const follow = (listener: typeof tell) => {
    tell = listener;
    listener(isOpen);
  };
  return { kept, follow };
}

function Panel() {
  const state = useChat();
  useEffect(() => void tellHost({ parley: 'unread', count: state.unread }), [state.unread]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && close();
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <main class="panel">
      <Header texts={texts} state={state} />
      <Thread texts={texts} language={languageOf(language)} state={state} connection={connection} />
      <Composer texts={texts} state={state} connection={connection} />
    </main>
  );
}

function Header({ texts, state }: { texts: Texts; state: ChatState }) {
  return (
    <header class="head">
      <div>
        <h1>{texts.title}</h1>
        <p class={`link ${state.link}`} role="status">
          {texts[state.link]}
        </p>
      </div>
      {parent !== window && (
        <button class="icon" type="button" onClick={close} aria-label={texts.close}>
          <svg
            width="18"
            height="18"
            viewBox="0 0 24 24"
            stroke="currentColor"
            stroke-width="2.5"
            aria-hidden="true"
          >
            <path d="M5 5l14 14M19 5L5 19" />
          </svg>
        </button>
      )}
    </header>
  );
}

function useChat(): ChatState {
  const [state, setState] = useState(connection.state);
  useEffect(() => {
    const look = () => setState(connection.state);
    // The welcome may have come between the first drawing and now.
    look();
    return connection.subscribe(look);
  }, []);
  return state;
}

const root = document.getElementById('root');
if (root) render(<Panel />, root);
