import './web-phone.css';

const query = new URLSearchParams(location.search);
const language = query.get('language') ?? 'zh-CN';
document.documentElement.lang = language;
document.documentElement.dataset['theme'] = query.get('theme') ?? 'light';

const pictures = ['🎧', '🫖', '💡', '🎒'];
const prices = [599, 189, 239, 329];
const shop = {
  'zh-CN': {
    title: 'Acme 商城',
    text: '秋季新品 · 满 299 减 40',
    goods: ['降噪耳机', '恒温电水壶', '护眼台灯', '通勤双肩包'],
  },
  'zh-TW': {
    title: 'Acme 商城',
    text: '秋季新品 · 滿 299 減 40',
    goods: ['降噪耳機', '恆溫快煮壺', '護眼檯燈', '通勤雙肩包'],
  },
  en: {
    title: 'Acme Shop',
    text: 'New for autumn · 40 off from 299',
    goods: ['Headphones', 'Kettle', 'Desk lamp', 'Backpack'],
  },
}[language as 'zh-CN'];

const account = query.get('account') ?? 'web';
const hasChatted = becomeVisitor(query.get('visitor') ?? 'A');
drawShop();
addWidget();

/** A page that could be anybody's, so that the widget has something to stand on. */
function drawShop(): void {
  const page = document.getElementById('shop');
  if (!page) return;
  page.append(element('h1', shop.title), element('p', shop.text));
  const shelf = element('ul');
  shop.goods.forEach((name, index) => {
    const good = element('li');
    good.append(element('span', pictures[index]), element('b', name), element('small', `¥${prices[index]}`));
    shelf.append(good);
  });
  page.append(shelf);
}

/** The same line that any site would paste; who has chatted before finds the chat open. */
function addWidget(): void {
  const script = document.createElement('script');
  script.src = '/widget.js';
  script.dataset['account'] = account;
  script.dataset['language'] = language;
  script.onload = () => {
    if (hasChatted) document.body.lastElementChild?.shadowRoot?.querySelector('button')?.click();
  };
  document.body.append(script);
}

/**
 * One browser is one visitor to the widget. Here several people share it, so what the widget keeps
 * is put aside for the one who leaves and put back for the one who comes. Answers: has this one chatted?
 */
function becomeVisitor(visitor: string): boolean {
  const whoKey = `sandbox:${account}:visitor`;
  const leaving = localStorage.getItem(whoKey) ?? visitor;
  if (leaving !== visitor)
    for (const name of ['token', 'unsent']) {
      const own = `parley:${account}:${name}`;
      move(own, `sandbox:${account}:${leaving}:${name}`);
      move(`sandbox:${account}:${visitor}:${name}`, own);
    }
  localStorage.setItem(whoKey, visitor);
  return localStorage.getItem(`parley:${account}:token`) !== null;
}

function move(from: string, to: string): void {
  const value = localStorage.getItem(from);
  localStorage.removeItem(from);
  if (value !== null) localStorage.setItem(to, value);
}

function element(tag: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
