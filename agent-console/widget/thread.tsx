/** @jsxImportSource preact */
import { useEffect, useRef } from 'preact/hooks';
import type { WebchatMessage } from '../../src/contract/webchat';
import type { ChatState, Connection } from './connection';
import { openChoices, type Unsent } from './conversation';
import type { Texts } from './texts';

interface Props {
  texts: Texts;
  language: string;
  state: ChatState;
  connection: Connection;
}

export function Thread({ texts, language, state, connection }: Props) {
  const end = useRef<HTMLDivElement>(null);
  const count = state.messages.length + state.unsent.length;
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [count, state.typing]);
  const open = openChoices(state);
  return (
    <section class="thread" role="log" aria-label={texts.log} tabIndex={0}>
      {count === 0 && state.link === 'online' && <p class="empty">{texts.empty}</p>}
      {state.messages.map((message) => (
        <Bubble key={message.id} message={message} texts={texts} language={language}>
          {message.id === open && <Choices message={message} connection={connection} />}
        </Bubble>
      ))}
      {state.unsent.map((unsent) => (
        <UnsentBubble key={unsent.clientMessageId} unsent={unsent} texts={texts} connection={connection} />
      ))}
      {state.typing && (
        <p class="typing">
          {texts[state.typing]} {texts.typing}
          <span aria-hidden="true">…</span>
        </p>
      )}
      <div ref={end} />
    </section>
  );
}

/** Text as it came; only web addresses become links, whatever else stands in it. */
function Words({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"'，。；、）)]+)/);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <a key={index} href={part} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ),
      )}
    </>
  );
}

interface BubbleProps {
  message: WebchatMessage;
  texts: Texts;
  language: string;
  children?: preact.ComponentChildren;
}

function Bubble({ message, texts, language, children }: BubbleProps) {
  const isMine = message.author === 'contact';
  const author = isMine ? texts.you : texts[message.author as 'bot' | 'agent' | 'system'];
  return (
    <div class={`row ${isMine ? 'mine' : 'theirs'}`}>
      <div class="meta">
        {author} · <time dateTime={message.at}>{clock(message.at, language)}</time>
      </div>
      {message.text && (
        <div class={`bubble ${message.author}`}>
          <Words text={message.text} />
        </div>
      )}
      {message.attachments?.map((file) => (
        <Attachment key={file.url} file={file} texts={texts} />
      ))}
      {children}
    </div>
  );
}

function Attachment({
  file,
  texts,
}: {
  file: NonNullable<WebchatMessage['attachments']>[number];
  texts: Texts;
}) {
  if (/^image\//.test(file.mimeType))
    return <img class="picture" src={file.url} alt={file.name} loading="lazy" />;
  return (
    <a class="file" href={file.url} download={file.name} title={texts.download}>
      {file.name}
    </a>
  );
}

function Choices({ message, connection }: { message: WebchatMessage; connection: Connection }) {
  return (
    <div class="choices">
      {message.choices?.map(({ id, label }) => (
        <button key={id} type="button" class="choice" onClick={() => connection.choose(id, label)}>
          {label}
        </button>
      ))}
    </div>
  );
}

function UnsentBubble({
  unsent,
  texts,
  connection,
}: {
  unsent: Unsent;
  texts: Texts;
  connection: Connection;
}) {
  return (
    <div class="row mine">
      {unsent.preview ? (
        <Attachment file={unsent.preview} texts={texts} />
      ) : (
        <div class={`bubble contact ${unsent.state}`}>{unsent.shown}</div>
      )}
      <div class="meta">
        {unsent.state === 'sending' ? texts.sending : texts.failed}
        {unsent.state === 'failed' && (
          <button type="button" class="retry" onClick={() => connection.retry(unsent.clientMessageId)}>
            {texts.retry}
          </button>
        )}
      </div>
    </div>
  );
}

const clock = (at: string, language: string): string =>
  new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(at),
  );
