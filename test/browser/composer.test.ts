import { until } from '../support/until';
import { describeInBrowser } from './support/chromium';
import { Inbox } from './support/inbox';
import { Stage } from './support/stage';

describeInBrowser('The composer', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()), 60_000);
  afterAll(() => stage.strike());
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  const taken = async (...names: string[]): Promise<Inbox> => {
    const li = await stage.as('li');
    for (const name of names) {
      await stage.phones.of('acme-telegram', name).say('I want to talk to a human');
      const queue = await li.until(
        () => li.conversations('?status=queued'),
        (all) => all.some(({ contact }) => contact.name === name),
        15_000,
      );
      const { id } = queue.find(({ contact }) => contact.name === name) ?? { id: '' };
      expect((await li.post(`/conversations/${id}/claim`)).status).toBe(200);
    }
    const inbox = new Inbox(await stage.page(await stage.agent('li'), '/inbox?view=mine'));
    await inbox.open(names[0] ?? '');
    await inbox.reply.waitFor();
    return inbox;
  };

  test('keeps a draft for each customer and mode, through a switch and a reload', async () => {
    const inbox = await taken('Hal Draft', 'Ivy Draft');
    await inbox.reply.fill('half a reply');
    await inbox.page.getByRole('button', { name: '内部备注' }).click();
    await inbox.note.fill('half a note');
    await inbox.open('Ivy Draft');
    const ivys = inbox.page.getByRole('textbox', { name: '回复Ivy Draft' });
    await until(
      () => ivys.inputValue(),
      (text) => text === '',
    );
    await inbox.page.reload();
    await inbox.row('half a reply').getByText('[草稿]').waitFor();
    await inbox.open('Hal Draft');
    await until(
      () => inbox.reply.inputValue(),
      (text) => text === 'half a reply',
    );
    await inbox.page.getByRole('button', { name: /^内部备注/ }).click();
    await until(
      () => inbox.note.inputValue(),
      (text) => text === 'half a note',
    );
  });

  test('keeps every character of a fast typist', async () => {
    const inbox = await taken('Nia Fast');
    const text = '您好，我是李雷，马上为您查，请稍等。';
    await inbox.reply.focus();
    await inbox.page.keyboard.type(text);
    expect(await inbox.reply.inputValue()).toBe(text);
    await inbox.reply.press('Enter');
    expect(await stage.phones.of('acme-telegram', 'Nia Fast').copiesOf(text)).toBe(1);
  });

  test('a note stays among colleagues: the customer never gets it', async () => {
    const inbox = await taken('Jo Note');
    await inbox.page.getByRole('button', { name: '内部备注' }).click();
    await inbox.note.fill('she is angry, be kind');
    await inbox.note.press('Enter');
    await inbox.thread.locator('[data-author=note]', { hasText: 'she is angry' }).waitFor();
    await inbox.page.getByRole('button', { name: '回复客户' }).click();
    await inbox.send('all good now');
    const jo = stage.phones.of('acme-telegram', 'Jo Note');
    expect(await jo.copiesOf('all good now')).toBe(1);
    expect((await jo.received()).some(({ text }) => text.includes('angry'))).toBe(false);
  });

  test('Enter that ends an input method’s word does not send it', async () => {
    const inbox = await taken('Kim Ime');
    const keyboard = await inbox.page.context().newCDPSession(inbox.page);
    await inbox.reply.click();
    await keyboard.send('Input.imeSetComposition', { text: '你好', selectionStart: 2, selectionEnd: 2 });
    const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 };
    await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
    await keyboard.send('Input.insertText', { text: '你好' });
    await inbox.reply.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true });
    expect(await inbox.reply.inputValue()).toBe('你好');
    expect(await inbox.thread.locator('[data-author=agent]').count()).toBe(0);
    await inbox.reply.press('Enter');
    await inbox.bubble('你好').waitFor();
  });

  test('single letters are shortcuts outside a text and letters inside one', async () => {
    const inbox = await taken('Lea Keys', 'Max Keys');
    await inbox.reply.pressSequentially('jen');
    expect(await inbox.reply.inputValue()).toBe('jen');
    await inbox.page.keyboard.press('Escape');
    await inbox.page.keyboard.press('n');
    await inbox.note.waitFor();
    await inbox.page.keyboard.press('Escape');
    const before = await inbox.page.locator('[role=option][aria-selected=true]').innerText();
    await inbox.page.keyboard.press('j');
    await inbox.page
      .locator('[role=option][aria-selected=true]', { hasNotText: before.split('\n')[0] })
      .waitFor();
  });
});
