import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useWords } from './words';

export function BackLink() {
  const t = useWords();
  return (
    <Link
      to="/tickets"
      className="-ml-1 inline-flex items-center gap-1 rounded-md px-1 text-[13px] text-muted hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden /> {t('back')}
    </Link>
  );
}
