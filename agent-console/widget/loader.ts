/**
 * `<script src="https://parley.example/widget.js" data-account="web"></script>`: a launcher button on any page.
 * The chat itself is a page of ours in an iframe, loaded at the first click, so neither page can break the other.
 */
const script = document.currentScript as HTMLScriptElement | null;
const bubble = 'M4 5h16v11H9l-5 4z';
const chevron = 'M6 9l6 6 6-6';
const phoneWidth = 480;

if (script) {
  if (document.body) mount(script);
  else document.addEventListener('DOMContentLoaded', () => mount(script));
}

function mount(script: HTMLScriptElement): void {
  const { account = 'web', language = '', color = '#0f766e', position } = script.dataset;
  const origin = new URL(script.src).origin;
  const label = (language || navigator.language).startsWith('zh') ? '在线客服' : 'Chat with us';
  const key = (name: string) => `parley:${account}:${name}`;
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  // A style element would need 'unsafe-inline' in the page's policy; a sheet made here does not.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles(position === 'left' ? 'left' : 'right', safeColor(color)));
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = `<button aria-expanded="false" aria-label="${label}"><svg width="26" height="26" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true"><path d="${bubble}"/></svg><i></i></button>`;
  document.body.append(host);
  const button = root.querySelector('button') as HTMLButtonElement;
  const badge = root.querySelector('i') as HTMLElement;
  let frame: HTMLIFrameElement | undefined;
  let isReady = false;

  /** By a click the focus goes along; what opens by itself leaves it where it is. */
  function toggle(open: boolean, takesFocus = true): void {
    frame ??= addFrame();
    frame.hidden = !open;
    button.ariaExpanded = `${open}`;
    root.querySelector('path')?.setAttribute('d', open ? chevron : bubble);
    keep('sessionStorage', key('open'), open);
    if (open) badge.textContent = '';
    tell({ parley: open ? 'opened' : 'closed' });
    if (!takesFocus) return;
    (open ? frame : button).focus();
    if (open) frame.contentWindow?.focus();
  }

  /** What is said before the panel listens, it hears in the answer to its `ready`. */
  function tell(message: object): void {
    if (isReady) frame?.contentWindow?.postMessage(message, origin);
  }

  function addFrame(): HTMLIFrameElement {
    const made = document.createElement('iframe');
    made.src = `${origin}/webchat/${encodeURIComponent(account)}/panel?language=${encodeURIComponent(language)}`;
    made.title = label;
    made.hidden = true;
    root.append(made);
    return made;
  }

  button.onclick = () => toggle(frame?.hidden !== false);
  addEventListener('message', ({ origin: from, source, data }) => {
    if (from !== origin || !frame || source !== frame.contentWindow) return;
    const { parley, name, value, count } = data;
    if (parley === 'ready') {
      isReady = true;
      const kept = {
        token: recall('localStorage', key('token')),
        unsent: recall('localStorage', key('unsent')),
      };
      tell({ parley: 'hello', open: !frame.hidden, kept });
      if (root.activeElement === frame) frame.contentWindow?.focus();
    }
    // A browser may give a foreign frame no storage: this page keeps for it.
    if (parley === 'keep') keep('localStorage', key(name), value);
    if (parley === 'close') toggle(false);
    if (parley === 'unread' && frame.hidden) badge.textContent = `${Number(count) || ''}`;
  });

  // Who has chatted in this tab before hears of answers on every page of the site.
  const open = recall('sessionStorage', key('open'));
  if (open !== null) frame = addFrame();
  if (open && innerWidth > phoneWidth) toggle(true, false);
}

type Shelf = 'localStorage' | 'sessionStorage';

function recall(shelf: Shelf, key: string): unknown {
  try {
    return JSON.parse(window[shelf].getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** A browser that keeps nothing still chats; it only forgets at reload. */
function keep(shelf: Shelf, key: string, value: unknown): void {
  try {
    window[shelf].setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}

/** Only a plain colour may reach the style sheet. */
function safeColor(color: string): string {
  return /^#[0-9a-f]{3,8}$/i.test(color) ? color : '#0f766e';
}

function styles(side: 'left' | 'right', color: string): string {
  return `:host{all:initial;position:fixed;z-index:2147483000}
button{position:fixed;${side}:20px;bottom:20px;width:56px;height:56px;border:0;border-radius:50%;background:${color};color:#fff;cursor:pointer;box-shadow:0 6px 20px #0003;display:grid;place-items:center}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #111}
i{position:absolute;top:-2px;right:-2px;min-width:20px;height:20px;border-radius:10px;background:#b91c1c;font:600 12px/20px sans-serif;text-align:center}
i:empty{display:none}
iframe{position:fixed;${side}:20px;bottom:88px;width:min(380px,calc(100vw - 40px));height:min(640px,calc(100vh - 112px));border:0;border-radius:16px;box-shadow:0 12px 40px #0004;background:Canvas;color-scheme:light dark}
iframe[hidden]{display:none}
@media (max-width:${phoneWidth}px){iframe{inset:0;width:100%;height:100%;border-radius:0}}`;
}
