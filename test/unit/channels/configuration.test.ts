import { checkChannelConfig } from '../../../src/channels';

const wechat = { appId: 'wx1', appSecret: 's', token: 't' };
const telegram = { botToken: '1:a', secretToken: 's' };

const good: [string, Record<string, unknown>][] = [
  ['wechat', { ...wechat, mode: 'plain', apiBaseUrl: 'http://127.0.0.1:3001/wechat' }],
  ['telegram', { ...telegram, messagesPerSecond: 5 }],
  ['webchat', {}],
  ['webchat', { allowedOrigins: ['https://shop.example', 'http://localhost:3000/'] }],
];
test.each(good)('%s takes %j', (type, configuration) => {
  expect(checkChannelConfig({ id: 'a', name: 'A', type, configuration })).toEqual([]);
});

const address = 'must begin with http:// or https://';
const bad: [string, Record<string, unknown>, string, string][] = [
  [
    'webchat',
    { alowedOrigins: ['https://shop.example'] },
    '',
    'has an unknown key; known are allowedOrigins',
  ],
  ['webchat', { allowedOrigins: ['localhost:3000'] }, 'allowedOrigins.0', address],
  [
    'webchat',
    { allowedOrigins: ['https://*.shop.example'] },
    'allowedOrigins.0',
    'must name one origin, without *',
  ],
  ['telegram', { ...telegram, apiBaseUrl: 'localhost:3001' }, 'apiBaseUrl', address],
  ['wechat', { ...wechat, apiBaseUrl: 'localhost:3001' }, 'apiBaseUrl', address],
  [
    'wechat',
    { ...wechat, encodingAESKey: 'k' },
    '',
    'has an unknown key; known are appId, appSecret, token, encodingAesKey, previousEncodingAesKey, mode, apiBaseUrl',
  ],
];
test.each(bad)('%s does not take %j', (type, configuration, path, message) => {
  expect(checkChannelConfig({ id: 'a', name: 'A', type, configuration })).toEqual([
    { path: path ? `configuration.${path}` : 'configuration', message },
  ]);
});
