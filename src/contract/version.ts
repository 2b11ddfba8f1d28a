/** Rises when something is renamed or taken away; additions leave it. */
export const contractVersion = 1;
