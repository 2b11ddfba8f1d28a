import {
  BookOpen, Flag, Headset, type LucideIcon, MessageCircleQuestion, MessageSquare, Network, PencilLine, Split, SquareCheck,
} from 'lucide-react'; // prettier-ignore
import { useWords } from './words';

const looks = {
  say: { icon: MessageSquare, tone: 'bg-accent-soft text-accent-ink' },
  ask: { icon: MessageCircleQuestion, tone: 'bg-accent-soft text-accent-ink' },
  choice: { icon: SquareCheck, tone: 'bg-accent-soft text-accent-ink' },
  branch: { icon: Split, tone: 'bg-raised text-muted' },
  set: { icon: PencilLine, tone: 'bg-raised text-muted' },
  call: { icon: Network, tone: 'bg-bot-soft text-bot' },
  answer: { icon: BookOpen, tone: 'bg-good-soft text-good' },
  handover: { icon: Headset, tone: 'bg-warn-soft text-warn' },
  end: { icon: Flag, tone: 'bg-good-soft text-good' },
} satisfies Record<string, { icon: LucideIcon; tone: string }>;
type Kind = keyof typeof looks;

const isKind = (kind: string): kind is Kind => kind in looks;

/** How each kind of step looks and is called; one that we do not know shows as it is. */
export function useStepKind(): (kind: string) => { icon: LucideIcon; tone: string; name: string } {
  const t = useWords();
  return (kind) =>
    isKind(kind)
      ? { ...looks[kind], name: t(`kind.${kind}`) }
      : { icon: MessageSquare, tone: 'bg-raised text-muted', name: kind };
}
