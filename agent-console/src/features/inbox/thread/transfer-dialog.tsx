import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { call } from '../../../lib/api';
import { useMe } from '../../../lib/session';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { Field, Select, Textarea } from '../../../ui/field';
import { useUiWords } from '../../../ui/words';
import { acts } from '../store/acts';
import { useWords } from '../words';

interface Props {
  row: ConversationView;
  open: boolean;
  onClose: () => void;
}

/** To a team it goes back to wait; to a colleague it is theirs. A note goes along. */
export function TransferDialog({ row, open, onClose }: Props) {
  const t = useWords();
  const ui = useUiWords();
  const [to, setTo] = useState('');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);

  const submit = async () => {
    const [kind = '', id = ''] = [to.slice(0, to.indexOf(':')), to.slice(to.indexOf(':') + 1)];
    setBusy(true);
    const done = await acts.transfer(row.id, kind === 'team' ? { teamId: id } : { agentId: id }, note.trim());
    setBusy(false);
    if (!done) return;
    setTo('');
    setNote('');
    onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('transferTitle', { name: row.contact.name })}
      description={t('transferHint')}
      actions={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button tone="primary" disabled={!to} busy={busy} onClick={() => void submit()}>
            {t('transfer')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t('transferTo')}>
          {(wiring) => (
            <Select {...wiring} value={to} onChange={(event) => setTo(event.target.value)}>
              <option value="" disabled>
                {t('transferChoose')}
              </option>
              <Targets except={row.assignee?.id} />
            </Select>
          )}
        </Field>
        <Field label={t('transferNote')} hint={t('transferNoteHint')}>
          {(wiring) => (
            <Textarea
              {...wiring}
              value={note}
              maxLength={4_000}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}

function Targets({ except }: { except?: string }) {
  const t = useWords();
  const ui = useUiWords();
  const me = useMe();
  const teams = useQuery({ queryKey: ['teams'], queryFn: ({ signal }) => call('GET /teams', { signal }) });
  const agents = useQuery({ queryKey: ['agents'], queryFn: ({ signal }) => call('GET /agents', { signal }) });
  const colleagues = (agents.data?.items ?? []).filter(
    ({ id, enabled }) => enabled && id !== except && id !== me.id,
  );
  return (
    <>
      <optgroup label={t('teams')}>
        {(teams.data?.items ?? []).map(({ id, name }) => (
          <option key={id} value={`team:${id}`}>
            {name}
          </option>
        ))}
      </optgroup>
      <optgroup label={t('colleagues')}>
        {colleagues.map(({ id, name, status, load, capacity }) => (
          <option key={id} value={`agent:${id}`}>
            {`${name} · ${ui(`presence.${status}`)} · ${load}/${capacity}`}
          </option>
        ))}
      </optgroup>
    </>
  );
}
