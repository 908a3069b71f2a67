/** German. */
import type { WarningWords } from '../words.ts';

export default {
  kinds: {
    card: 'Kartendaten',
    iban: 'eine Kontonummer',
    nationalId: 'eine Ausweis- oder Steuernummer',
    secret: 'ein Passwort oder Schlüssel',
  },
  looksLike: (what) =>
    `Das sieht aus wie ${what}. Wenn Sie es senden, wird dieser Teil unkenntlich gemacht, und niemand kann ihn lesen.`,
  special:
    'Hier geht es anscheinend um Gesundheit oder anderes sehr Persönliches. Es geht so hinaus, wie Sie es geschrieben haben: Sagen Sie davon nicht mehr als nötig.',
  change: 'Ändern',
  again: 'Trotzdem senden',
  masked: (what) => `Hier unkenntlich gemacht: ${what}. Niemand kann es lesen.`,
} satisfies WarningWords;
