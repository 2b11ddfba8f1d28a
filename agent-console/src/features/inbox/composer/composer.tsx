import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { cx } from '../../../lib/class-names';
import { isComposing, useCommands } from '../../../lib/commands';
import { useDrawnAt } from '../../../lib/now';
import { usePreferences } from '../../../lib/preferences';
import { useMay, useMe } from '../../../lib/session';
import { Button } from '../../../ui/button';
import { acts } from '../store/acts';
import { outbox, threads, useDraft } from '../store/inbox';
import type { Mode } from '../store/outbox-item';
import { noteTyping, stopTyping } from '../store/presence';
import { useWords } from '../words';
import { canReply } from './can-reply';
import { CannotReply } from './cannot-reply';
import { ReplyWindow } from './reply-window';
import { useDraftText } from './use-draft-text';

const longestText = 4_000;

/** Where an agent writes: to the contact, or a note for colleagues. Each has its own draft. */
export function Composer({ row }: { row: ConversationView }) {
  const t = useWords();
  const who = { myId: useMe().id, isSupervisor: useMay('supervisor') };
  const [mode, setMode] = useState<Mode>('reply');
  const [text, setText] = useDraftText(row.id, mode);
  const field = useRef<HTMLTextAreaElement>(null);
  useDrawnAt(row.replyWindow?.closesAt);
  const refusal = mode === 'reply' ? canReply(row, who) : null;
  const { ctrlEnterSends } = usePreferences();

  const send = (): boolean => {
    if (refusal || text.trim() === '' || text.length > longestText) return false;
    outbox.write(row.id, mode, text.trim(), threads.lastSeq(row.id));
    setText('');
    stopTyping();
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing({ isComposing: event.nativeEvent.isComposing, keyCode: event.keyCode })) return;
    if (event.key === 'Escape') return event.currentTarget.blur();
    if (event.key !== 'Enter') return;
    const withCtrl = event.ctrlKey || event.metaKey;
    if (withCtrl && event.shiftKey) {
      event.preventDefault();
      if (send() && mode === 'reply') acts.resolve(row.id);
    } else if (withCtrl || (!event.shiftKey && !ctrlEnterSends)) {
      event.preventDefault();
      send();
    }
  };
  const write = (next: Mode) => {
    // At once, so that the keys that follow land in the field.
    flushSync(() => setMode(next));
    field.current?.focus();
  };
  useComposerCommands(write);
  useSuddenFocus(field, row, who.myId);
  return (
    <form
      aria-label={t('composer')}
      onSubmit={(event) => {
        event.preventDefault();
        send();
        field.current?.focus();
      }}
      className="shrink-0 bg-page px-3 pb-3 md:px-5 md:pb-4"
    >
      <div
        className={cx(
          'mx-auto w-full max-w-200 rounded-2xl border bg-panel shadow-card focus-within:ring-1',
          mode === 'note'
            ? 'border-warn focus-within:ring-warn'
            : 'border-line-strong/60 focus-within:border-accent focus-within:ring-accent',
        )}
      >
        <div className="flex min-h-10 items-center gap-1 px-2 pt-1">
          <ModeTab mode="reply" chosen={mode === 'reply'} onChoose={write} conversationId={row.id} />
          <ModeTab mode="note" chosen={mode === 'note'} onChoose={write} conversationId={row.id} />
          <span className="ml-auto flex min-w-0 pr-1">{mode === 'reply' && <ReplyWindow row={row} />}</span>
        </div>
        {refusal ? (
          <CannotReply row={row} refusal={refusal} onNote={() => write('note')} />
        ) : (
          <>
            <textarea
              ref={field}
              rows={2}
              value={text}
              aria-label={t(mode === 'reply' ? 'replyTo' : 'noteOn', { name: row.contact.name })}
              placeholder={t(mode === 'note' ? 'noteHint' : ctrlEnterSends ? 'replyHintCtrl' : 'replyHint')}
              onChange={(event) => {
                setText(event.target.value);
                if (mode === 'reply' && event.target.value) noteTyping(row.id);
              }}
              onKeyDown={onKeyDown}
              className="block field-sizing-content max-h-56 min-h-15 w-full resize-none bg-transparent px-3.5 py-1.5 outline-none"
            />
            <div className="flex items-center gap-2 px-2 pb-2">
              <Length text={text} />
              <Button
                type="submit"
                tone="primary"
                disabled={text.trim() === '' || text.length > longestText}
                className="ml-auto"
                icon={<SendHorizontal className="size-4" aria-hidden />}
              >
                {t(mode === 'reply' ? 'send' : 'addNote')}
              </Button>
            </div>
          </>
        )}
      </div>
    </form>
  );
}

interface ModeTabProps {
  mode: Mode;
  chosen: boolean;
  onChoose: (mode: Mode) => void;
  conversationId: string;
}

function ModeTab({ mode, chosen, onChoose, conversationId }: ModeTabProps) {
  const t = useWords();
  const hasDraft = useDraft(conversationId, mode) !== '';
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={() => onChoose(mode)}
      className={cx(
        'h-8 rounded-lg px-2.5 text-[13px] text-muted hover:bg-hover aria-pressed:font-semibold',
        mode === 'note' ? 'aria-pressed:text-warn' : 'aria-pressed:text-accent-ink',
      )}
    >
      {t(`mode.${mode}`)}
      {hasDraft && !chosen && <span className="ml-1 text-warn">{t('draftMark')}</span>}
    </button>
  );
}

function Length({ text }: { text: string }) {
  const t = useWords();
  if (text.length < longestText * 0.9) return null;
  return (
    <span
      className={cx(
        'tabular px-1.5 text-xs',
        text.length > longestText ? 'font-medium text-bad' : 'text-muted',
      )}
    >
      {t('length', { length: text.length, most: longestText })}
    </span>
  );
}

function useComposerCommands(write: (mode: Mode) => void): void {
  const t = useWords();
  const group = t('group.conversation');
  useCommands([
    { id: 'reply', label: t('writeReply'), group, keys: 'R', run: () => write('reply') },
    { id: 'reply-enter', label: t('writeReply'), group, keys: 'Enter', run: () => write('reply') },
    { id: 'note', label: t('writeNote'), group, keys: 'N', run: () => write('note') },
  ]);
}

/** Who has just taken a conversation wants to write. */
function useSuddenFocus(
  field: React.RefObject<HTMLTextAreaElement | null>,
  { assignee }: ConversationView,
  myId: string,
): void {
  const mine = assignee?.id === myId;
  const was = useRef(mine);
  useEffect(() => {
    if (mine && !was.current) field.current?.focus();
    was.current = mine;
  }, [mine, field]);
}
