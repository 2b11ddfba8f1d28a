import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody else's shop: another origin and another site, and a policy that allows no inline style or script. */
export async function openForeignPage(parleyUrl: string) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; img-src 'self' data:; script-src ${parleyUrl}; frame-src ${parleyUrl}`,
    );
    response.end(pageWith(parleyUrl));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    // To a browser `localhost` and `127.0.0.1` are two sites.
    url: `http://localhost:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const pageWith = (parleyUrl: string): string => `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>别人的网店</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    <main><h1>别人的网店</h1><p>${'秋季新品，满 299 减 40。'.repeat(20)}</p></main>
    <script src="${parleyUrl}/widget.js" data-account="web"></script>
  </body>
</html>`;
