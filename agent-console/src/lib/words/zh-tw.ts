export default import.meta.glob<Record<string, string>>('/src/**/words/zh-TW.json', {
  eager: true,
  import: 'default',
});
