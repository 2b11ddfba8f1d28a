export default import.meta.glob<Record<string, string>>('/src/**/words/en.json', {
  eager: true,
  import: 'default',
});
