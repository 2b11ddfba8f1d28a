import { describeInBrowser } from './support/chromium';
import { Stage } from './support/stage';

describeInBrowser('The composer', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()), 60_000);
  afterAll(() => stage.strike());

  test('keeps every character of a fast typist', async () => {
    const phone = stage.phones.of('acme-telegram', 'Emma');
    await phone.say('I want to talk to a human');
    const page = await stage.page(await stage.agent('li'), '/inbox');
    await page.getByRole('button', { name: '查看排队' }).click();
    await page.getByRole('option').first().click();
    await page.getByRole('button', { name: '接待', exact: true }).last().click();
    const field = page.getByRole('form').getByRole('textbox');
    await field.focus();
    const text = '您好，我是李雷，马上为您查，请稍等。';
    await page.keyboard.type(text);
    await expect(field.inputValue()).resolves.toBe(text);
    await field.press('Enter');
    await expect(phone.copiesOf(text)).resolves.toBe(1);
    expect(await stage.clear()).toEqual([]);
  });
});
