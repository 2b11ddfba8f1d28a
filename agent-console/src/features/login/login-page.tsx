import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type Language, languages, prefer, usePreferences } from '../../lib/preferences';
import { SignInForm } from './sign-in-form';
import { useWords } from './words';

const route = getRouteApi('/login');
const shortNames: Record<Language, string> = { 'zh-CN': '简体', 'zh-TW': '繁體', en: 'English' };

export function LoginPage() {
  const t = useWords();
  const router = useRouter();
  const { from } = route.useSearch();
  return (
    <main className="flex h-full overflow-y-auto bg-panel">
      <section className="relative hidden flex-1 flex-col justify-between overflow-hidden bg-rail p-12 text-rail-ink lg:flex">
        <span className="flex items-center gap-3 text-lg font-semibold">
          <img src="/icon.svg" alt="" className="size-9" />
          Parley
        </span>
        <Bubbles />
        <div className="relative max-w-130">
          <p className="text-[34px] leading-tight font-semibold text-balance">{t('welcome')}</p>
          <p className="mt-4 max-w-110 text-[15px] text-pretty text-rail-muted">{t('about')}</p>
        </div>
      </section>
      <section className="flex flex-1 flex-col px-6 py-8">
        <div className="m-auto w-full max-w-88">
          <img src="/icon.svg" alt="" className="mb-6 size-11 lg:hidden" />
          <h1 className="mb-6 text-2xl font-semibold">{t('title')}</h1>
          <SignInForm onDone={() => router.history.push(safePath(from))} />
          <p className="mt-6 text-[13px] text-muted">{t('demoHint')}</p>
        </div>
        <LanguageChoice />
      </section>
    </main>
  );
}

/** Only ever a path of our own. */
const safePath = (from?: string): string => (from && /^\/(?!\/)/.test(from) ? from : '/inbox');

function LanguageChoice() {
  const { language } = usePreferences();
  return (
    <div className="flex justify-center gap-1">
      {languages.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === language}
          onClick={() => prefer({ language: one })}
          className="h-8 rounded-lg px-3 text-[13px] text-muted hover:bg-hover aria-pressed:font-medium aria-pressed:text-ink"
        >
          {shortNames[one]}
        </button>
      ))}
    </div>
  );
}

/** A talk between a customer, the bot and a person, as shapes only. */
function Bubbles() {
  return (
    <svg viewBox="0 0 440 300" aria-hidden className="relative my-8 w-full max-w-110">
      <rect x="0" y="8" width="236" height="52" rx="20" fill="#1f3a45" />
      <rect x="22" y="28" width="160" height="10" rx="5" fill="#5f7f8b" />
      <rect x="150" y="84" width="270" height="72" rx="20" fill="#2f3160" />
      <rect x="174" y="106" width="196" height="10" rx="5" fill="#8d8fd0" />
      <rect x="174" y="126" width="124" height="10" rx="5" fill="#6c6eb0" />
      <rect x="0" y="180" width="190" height="52" rx="20" fill="#1f3a45" />
      <rect x="22" y="200" width="118" height="10" rx="5" fill="#5f7f8b" />
      <rect x="208" y="248" width="212" height="52" rx="20" fill="#6fc3da" />
      <rect x="232" y="268" width="150" height="10" rx="5" fill="#0c5a72" />
      <circle cx="410" cy="246" r="11" fill="#f0b64f" />
    </svg>
  );
}
