import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bot, CircleHelp, Headset, type LucideIcon, MessageCircleReply, Workflow } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { BotPreview } from '../../../../src/contract/knowledge';
import { call } from '../../lib/api';
import { cx } from '../../lib/class-names';
import { usePreferences } from '../../lib/preferences';
import { Button } from '../../ui/button';
import { Field, Textarea } from '../../ui/field';
import { Loaded } from '../../ui/loaded';
import { asPercent } from './languages';
import { useWords } from './words';

/** A question as a customer would write it, and what the bot would do with it. */
export function TryQuestion() {
  const t = useWords();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const query = useQuery({
    queryKey: ['articles', 'preview', asked],
    queryFn: ({ signal }) => call('GET /bot/preview', { query: { q: asked }, signal }),
    enabled: asked !== '',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(text.trim());
  };
  return (
    <div className="flex flex-col gap-4 p-4">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t('question')} hint={t('tryHint')}>
          {(wiring) => (
            <Textarea
              {...wiring}
              value={text}
              maxLength={500}
              placeholder={t('tryEmpty')}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.shiftKey) return;
                if (event.nativeEvent.isComposing || event.keyCode === 229) return;
                submit(event);
              }}
            />
          )}
        </Field>
        <Button type="submit" tone="primary" disabled={!text.trim()} busy={query.isFetching}>
          {t('ask')}
        </Button>
      </form>
      {asked && (
        <div aria-live="polite">
          <Loaded query={query} lines={2}>
            {(preview) => <Verdict preview={preview} />}
          </Loaded>
        </div>
      )}
    </div>
  );
}

const icons: Partial<Record<BotPreview['decision']['kind'], LucideIcon>> = {
  answer: MessageCircleReply, clarify: CircleHelp, handOver: Headset, runFlow: Workflow,
}; // prettier-ignore
const tones: Partial<Record<BotPreview['decision']['kind'], string>> = {
  answer: 'bg-good-soft text-good', clarify: 'bg-accent-soft text-accent-ink',
  handOver: 'bg-warn-soft text-warn', miss: 'bg-warn-soft text-warn',
}; // prettier-ignore

function Verdict({ preview: { decision, matches, thresholds } }: { preview: BotPreview }) {
  const t = useWords();
  const language = usePreferences((preferences) => preferences.language);
  const Icon = icons[decision.kind] ?? Bot;
  const { titles = {}, id = '' } = decision.flow ?? {};
  return (
    <div className="flex flex-col gap-4">
      <section
        aria-label={t('verdict')}
        className={cx('flex gap-3 rounded-xl p-3.5', tones[decision.kind] ?? 'bg-bot-soft text-bot')}
      >
        <Icon className="mt-0.5 size-5 shrink-0" aria-hidden />
        <p className="min-w-0">
          <span className="block text-xs">{t('verdict')}</span>
          <span className="font-semibold break-words">
            {t(`verdict.${decision.kind}`, { flow: titles[language] ?? titles['zh-CN'] ?? id })}
          </span>
        </p>
      </section>
      <section aria-label={t('matches')}>
        <h3 className="mb-2 text-[13px] font-semibold">{t('matches')}</h3>
        {matches.length === 0 && <p className="text-[13px] text-muted">{t('matchesNone')}</p>}
        <ol className="flex flex-col gap-3">
          {matches.map((match) => (
            <Match key={match.articleId} match={match} thresholds={thresholds} />
          ))}
        </ol>
        {matches.length > 0 && (
          <p className="tabular mt-3 text-xs text-muted">
            {t('answersFrom', { percent: asPercent(thresholds.answer) })} ·{' '}
            {t('offersFrom', { percent: asPercent(thresholds.offer) })}
          </p>
        )}
      </section>
    </div>
  );
}

interface MatchProps {
  match: BotPreview['matches'][number];
  thresholds: BotPreview['thresholds'];
}

function Match({ match: { articleId, title, confidence }, thresholds }: MatchProps) {
  const bar =
    confidence >= thresholds.answer
      ? 'bg-good'
      : confidence >= thresholds.offer
        ? 'bg-accent'
        : 'bg-line-strong';
  return (
    <li>
      <Link
        to="/knowledge/$articleId"
        params={{ articleId }}
        className="flex items-baseline gap-2 text-[13px] hover:underline"
      >
        <span className="min-w-0 flex-1 break-words">{title}</span>
        <span className="tabular font-medium">{asPercent(confidence)}</span>
      </Link>
      <div aria-hidden className="relative mt-1 h-1.5 overflow-hidden rounded-full bg-hover">
        <div className={cx('h-full rounded-full', bar)} style={{ width: asPercent(confidence) }} />
        <div className="absolute inset-y-0 w-px bg-ink/50" style={{ left: asPercent(thresholds.answer) }} />
      </div>
    </li>
  );
}
