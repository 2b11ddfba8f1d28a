/**
 * `<script src="https://parley.example/widget.js" data-account="web"></script>`: a launcher button on any page.
 * The chat itself is a page of ours in an iframe, loaded at the first click, so neither page can break the other.
 */
const script = document.currentScript as HTMLScriptElement | null;

if (script) {
  if (document.body) mount(script);
  else document.addEventListener('DOMContentLoaded', () => mount(script));
}

function mount(script: HTMLScriptElement): void {
  const { account = 'web', language = '', color = '#0f766e', position = 'right' } = script.dataset;
  const origin = new URL(script.src).origin;
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const side = position === 'left' ? 'left' : 'right';
  root.innerHTML = `<style>
:host{all:initial}
button{position:fixed;${side}:20px;bottom:20px;z-index:2147483000;width:56px;height:56px;border:0;border-radius:50%;background:${safeColor(color)};color:#fff;cursor:pointer;box-shadow:0 6px 20px #0003;display:grid;place-items:center}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #111}
i{position:absolute;top:-2px;right:-2px;min-width:20px;height:20px;border-radius:10px;background:#b91c1c;font:600 12px/20px system-ui,sans-serif;text-align:center}
i:empty{display:none}
iframe{position:fixed;${side}:20px;bottom:88px;z-index:2147483000;width:min(380px,calc(100vw - 40px));height:min(640px,calc(100vh - 112px));border:0;border-radius:16px;box-shadow:0 12px 40px #0004;background:#fff;color-scheme:normal}
iframe[hidden]{display:none}
@media (max-width:480px){iframe{inset:0;width:100%;height:100%;border-radius:0}}
</style><button aria-expanded="false" aria-label="${label()}"><svg width="26" height="26" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true"><path d="M4 5h16v11H9l-5 4z"/></svg><i></i></button>`;
  document.body.append(host);
  const button = root.querySelector('button') as HTMLButtonElement;
  const badge = root.querySelector('i') as HTMLElement;
  let frame: HTMLIFrameElement | undefined;

  function toggle(open: boolean): void {
    frame ??= openFrame();
    frame.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (open) badge.textContent = '';
    frame.contentWindow?.postMessage({ parley: open ? 'opened' : 'closed' }, origin);
    if (!open) button.focus();
  }

  function openFrame(): HTMLIFrameElement {
    const made = document.createElement('iframe');
    const query = new URLSearchParams({ language });
    made.src = `${origin}/webchat/${encodeURIComponent(account)}/panel?${query}`;
    made.title = label();
    made.allow = 'clipboard-write';
    root.append(made);
    return made;
  }

  button.addEventListener('click', () => toggle(!frame || frame.hidden !== false));
  addEventListener('message', (event) => {
    if (event.origin !== origin || event.source !== frame?.contentWindow) return;
    if (event.data?.parley === 'close') toggle(false);
    if (event.data?.parley === 'unread' && frame?.hidden)
      badge.textContent = String(Number(event.data.count) || '');
  });
}

function label(): string {
  return navigator.language.startsWith('zh') ? '在线客服' : 'Chat with us';
}

/** Only a plain colour may reach the style sheet. */
function safeColor(color: string): string {
  return /^#[0-9a-f]{3,8}$/i.test(color) ? color : '#0f766e';
}
