import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles.css';
import { App } from './app/app';
import { applyPreferences } from './lib/preferences';
import { startWords } from './lib/words/i18n';

applyPreferences();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');

void startWords().then(() =>
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
