import { SignInForm } from '../../features/login/sign-in-form';
import { queryClient } from '../../lib/query-client';
import { reconnect } from '../../lib/realtime/connection';
import { me, useSessionEnded } from '../../lib/session';
import { Dialog } from '../../ui/dialog';
import { useAppWords } from '../words';

/** The session ended under somebody: they sign in above their page, which keeps what they wrote. */
export function SignInAgain() {
  const t = useAppWords();
  const ended = useSessionEnded((session) => session.ended);
  const before = me();
  return (
    <Dialog
      open={ended}
      onOpenChange={() => undefined}
      dismissible={false}
      title={t('sessionEndedTitle')}
      description={t('sessionEndedHint')}
    >
      <SignInForm
        email={before?.email}
        onDone={(agent) => {
          // Somebody else sits here now: nothing of the first may stay in memory.
          if (agent.id !== before?.id) return location.reload();
          reconnect();
          void queryClient.invalidateQueries();
        }}
      />
    </Dialog>
  );
}
