import { CircleAlert, FileText, Link as LinkIcon, MapPin } from 'lucide-react';
import type { ContentView, MessageView } from '../../../../../src/contract/messages';
import { useWords } from '../words';

/** What a message holds, by its kind. Text is text: nothing in it is ever markup. */
export function MessageContent({ message }: { message: MessageView }) {
  const { content, text } = message;
  switch (content.type) {
    case 'text':
      return <p className="break-words whitespace-pre-wrap">{content.text}</p>;
    case 'choice':
      return <Choice content={content} />;
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return <Media content={content} />;
    case 'location':
      return <Location content={content} />;
    case 'link':
      return <LinkCard content={content} />;
    case 'unsupported':
      return <Unsupported platformType={content.platformType} text={text} />;
  }
}

type Of<T extends ContentView['type']> = Extract<ContentView, { type: T }>;
type MediaContent = Extract<ContentView, { media: unknown }>;

function Choice({ content }: { content: Of<'choice'> }) {
  return (
    <div>
      <p className="break-words whitespace-pre-wrap">{content.text}</p>
      <ul className="mt-2 flex flex-wrap gap-1.5">
        {content.options.map(({ id, label }) => (
          <li key={id} className="rounded-lg border border-current/35 px-2.5 py-1 text-[13px]">
            {label}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Media({ content }: { content: MediaContent }) {
  const { media, caption, type } = content;
  return (
    <div className="flex flex-col gap-1.5">
      {media.url === null ? (
        <MissingMedia error={media.error} />
      ) : (
        <Shown type={type} url={media.url} media={media} />
      )}
      {media.transcript && <p className="text-[13px]">{media.transcript}</p>}
      {caption && <p className="break-words whitespace-pre-wrap">{caption}</p>}
    </div>
  );
}

interface ShownProps {
  type: MediaContent['type'];
  url: string;
  media: MediaContent['media'];
}

function Shown({ type, url, media }: ShownProps) {
  const t = useWords();
  switch (type) {
    case 'image':
      return (
        <a href={url} target="_blank" rel="noreferrer" aria-label={t('openImage', { name: media.name })}>
          <img
            src={url}
            alt={media.name}
            className="max-h-72 min-h-16 max-w-full min-w-24 rounded-lg bg-raised object-contain"
          />
        </a>
      );
    case 'voice':
      return <audio controls src={url} aria-label={media.name} className="h-10 w-64 max-w-full" />;
    case 'video':
      return <video controls src={url} aria-label={media.name} className="max-h-72 max-w-full rounded-lg" />;
    case 'file':
      return (
        <a
          href={url}
          target="_blank"
          rel="noreferrer"
          className="flex items-center gap-2.5 underline-offset-2 hover:underline"
        >
          <FileText className="size-5 shrink-0" aria-hidden />
          <span className="min-w-0 break-all">{media.name}</span>
          <span className="shrink-0 text-xs opacity-80">{sizeOf(media.sizeBytes)}</span>
        </a>
      );
  }
}

function MissingMedia({ error }: { error: string | null }) {
  const t = useWords();
  return (
    <p className="flex items-center gap-2 text-[13px]">
      <CircleAlert className="size-4 shrink-0" aria-hidden />
      {error ? t('mediaFailed') : t('mediaComing')}
    </p>
  );
}

function Location({ content: { latitude, longitude, label } }: { content: Of<'location'> }) {
  return (
    <p className="flex items-start gap-2">
      <MapPin className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span>
        {label && <span className="block">{label}</span>}
        <span className="tabular text-xs opacity-80">
          {latitude.toFixed(5)}, {longitude.toFixed(5)}
        </span>
      </span>
    </p>
  );
}

function LinkCard({ content: { url, title, description } }: { content: Of<'link'> }) {
  const isSafe = /^https?:/i.test(url);
  return (
    <a
      {...(isSafe && { href: url })}
      target="_blank"
      rel="noreferrer noopener"
      className="flex items-start gap-2 underline-offset-2 hover:underline"
    >
      <LinkIcon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span className="min-w-0">
        <span className="block break-words">{title}</span>
        {description && <span className="block text-xs opacity-80">{description}</span>}
      </span>
    </a>
  );
}

function Unsupported({ platformType, text }: { platformType: string; text: string }) {
  const t = useWords();
  return <p className="italic">{text || t('unsupported', { type: platformType })}</p>;
}

function sizeOf(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${Math.round(bytes / 1_024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
