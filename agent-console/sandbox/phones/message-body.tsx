import { FileText, Link2, MapPin, Mic, Video } from 'lucide-react';
import { useWords } from '../i18n/use-words';
import { api } from '../state/api';
import type { PhoneMessage } from '../state/types';

/** The inside of a bubble. */
export function MessageBody({ message }: { message: PhoneMessage }) {
  const words = useWords();
  const { kind, text, mediaId, url } = message;
  switch (kind) {
    case 'image':
      return (
        <>
          {mediaId && (
            <img
              src={api.mediaUrl(mediaId)}
              alt={text || words('image')}
              className="my-1 h-32 w-44 rounded object-cover"
            />
          )}
          {text && <Text text={text} />}
        </>
      );
    case 'voice':
      return <Labelled icon={<Mic className="size-4" aria-hidden />} text={text || `${words('voice')} 2″`} />;
    case 'video':
      return <Labelled icon={<Video className="size-4" aria-hidden />} text={text || words('video')} />;
    case 'document':
      return <Labelled icon={<FileText className="size-4" aria-hidden />} text={text || words('document')} />;
    case 'location':
      return <Labelled icon={<MapPin className="size-4" aria-hidden />} text={text} />;
    case 'link':
      return <Labelled icon={<Link2 className="size-4" aria-hidden />} text={text} title={url} />;
    case 'text':
    case 'event':
      return <Text text={text} />;
  }
}

function Text({ text }: { text: string }) {
  return <span className="break-words whitespace-pre-wrap">{text}</span>;
}

function Labelled({ icon, text, title }: { icon: React.ReactNode; text: string; title?: string }) {
  return (
    <span className="flex items-center gap-1.5" title={title}>
      {icon}
      <Text text={text} />
    </span>
  );
}
