/** German. */
import type { OpenPgpWords } from '../english.ts';

export default {
  means:
    'Wenn Sie OpenPGP verwenden, geben Sie uns Ihren öffentlichen Schlüssel. Was Sie dann geschickt bekommen oder hier herunterladen, lässt sich nur mit Ihrem geheimen Schlüssel öffnen.',
  key: 'Ihr öffentlicher Schlüssel',
  keyHint:
    'Der ganze Block, von „BEGIN PGP PUBLIC KEY BLOCK“ bis zu seinem Ende. Wir behalten ihn nur für das, was Sie hier veranlassen.',
  keyNeeded:
    'Bitte fügen Sie Ihren öffentlichen Schlüssel ein, von „BEGIN PGP PUBLIC KEY BLOCK“ bis zu seinem Ende.',
  secret:
    'Das ist Ihr geheimer Schlüssel. Er wurde nicht gesendet. Geben Sie ihn niemandem, und fügen Sie den öffentlichen ein.',
  mail: 'Mir diese Unterhaltung mailen',
  mailMeans: 'Die Mail geht an die Adresse, die Sie bestätigt haben, einmal in zehn Minuten.',
  mailed: 'Sie wurde an die Adresse gemailt, die Sie bestätigt haben.',
  copy: 'Verschlüsselte Kopie erstellen lassen',
  copying: 'Ihre verschlüsselte Kopie wird erstellt.',
  back: 'Zurück',
  why: {
    pgp_unfit:
      'Mit diesem Schlüssel können wir nicht verschlüsseln. Vielleicht ist er abgelaufen, widerrufen oder zu schwach, oder es ist nicht genau ein Schlüssel, mit dem man verschlüsseln kann.',
    too_fast:
      'Das ist gerade erst geschehen. Eine Unterhaltung wird einmal in zehn Minuten gemailt, und am Tag werden nur wenige Kopien erstellt.',
    too_large: 'Diese Unterhaltung ist zu lang für eine Mail. Lassen Sie eine Kopie erstellen.',
    address_unproved: 'Sie haben noch keine Adresse bestätigt, an die wir sie mailen könnten.',
  },
} satisfies OpenPgpWords;
