import { createHttpServer } from '../../../../src/platform/http/server';

test('an idle connection outlives those of the usual proxies, and holds up no stop', async () => {
  const { server, app, listen, close } = createHttpServer(() => false);
  app.get('/', (_request, response) => void response.send('ok'));
  const port = await listen(0, '127.0.0.1');
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect(answer.headers.get('keep-alive')).toBe('timeout=75');
  await answer.text();
  await close();
  expect(server.listening).toBe(false);
});
