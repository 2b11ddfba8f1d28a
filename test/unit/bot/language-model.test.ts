import { createLogger } from '../../../src/platform/log';
import { openModel } from '../../../src/platform/llm/language-model';
import { startPlatformStub, type PlatformStub, type StubAnswer } from '../../support/platform-stub';

/** A local double of an OpenAI-compatible server. */
let server: PlatformStub;
let answer: StubAnswer;
const lines: string[] = [];
beforeAll(async () => {
  server = await startPlatformStub(() => answer);
});
afterAll(() => server.close());

const completion = (content: string): StubAnswer => ({
  json: {
    id: 'c', object: 'chat.completion', created: 1, model: 'm', usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
  },
}); // prettier-ignore
const open = () => {
  const log = createLogger('info', { write: (line) => void lines.push(line) });
  return openModel(
    { provider: 'openai', model: 'm', baseUrl: `${server.url}/v1`, apiKey: 'sk-local' } as never,
    log,
  );
};
const asked = { question: 'how long?', answer: 'Two days.', language: 'en' };

test('none configured: it is off, and articles speak for themselves', async () => {
  const model = await openModel(null, createLogger('silent'));
  expect([await model.phrase(asked), await model.summarise('x', 'en')]).toEqual([null, null]);
});

test('it phrases an answer from the article that it is given, and nothing else', async () => {
  answer = completion('It takes two days.');
  expect(await (await open()).phrase(asked)).toBe('It takes two days.');
  const sent = JSON.stringify(server.requests.at(-1)?.json);
  expect(server.requests.at(-1)?.path).toBe('/v1/chat/completions');
  expect(sent).toContain('Two days.');
});

test.each([
  ['a server that is ill', { status: 500 }],
  ['a refused key', { status: 401, json: { error: { message: 'no' } } }],
  ['no answer', { cut: true }],
  ['an empty answer', completion('  ')],
  ['an endless answer', completion('x'.repeat(5_000))],
])('%s: the bot goes on without it', async (_what, said) => {
  answer = said;
  expect(await (await open()).phrase(asked)).toBeNull();
  expect(lines.join('')).not.toContain('sk-local');
});
