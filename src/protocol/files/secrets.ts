/**
 * Secrets that people send without meaning to: what support cases are stolen for. Each pattern begins with a fixed text
 * or where a run of its own letters begins, and repeats no more than a bounded number of times, so that no text makes
 * it slow.
 */
import { cloudKeys, password, privateKey, tokens } from '../secret-forms.ts';

export const secrets = ['recording', 'settings', 'private_key', 'token', 'cloud_key'] as const;
/**
 * `recording`: what a browser said, with its cookies (HAR). `settings`: passwords of a program. `token`: whoever has it
 * is signed in.
 */
export type Secret = (typeof secrets)[number];

const names: Record<Secret, RegExp> = {
  recording: /\.har$/,
  settings:
    /(?:^|[./])env(?:\.[a-z]{1,32})?$|(?:^|[/._-])(?:netrc|pgpass|htpasswd|npmrc|pypirc|git-credentials)$|\.(?:tfstate|kdbx?)$/,
  private_key:
    /(?:^|[/ ])id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:\.(?!pub$)[a-z]{1,8})?$|\.(?:key|ppk|p12|pfx|jks|keystore)$|private[ _-]?key/,
  token: /(?:^|[/ _.-])(?:cookies?|tokens?|sessions?)\.(?:txt|json|sqlite)$/,
  cloud_key:
    /(?:^|[/ _.-])(?:credentials|kubeconfig|accesskeys|client_secret[\w.-]{0,99})(?:\.(?:json|csv|ini|txt|ya?ml))?$|service[ _-]?account[\w -]{0,99}\.json$/,
};

const texts: Record<Secret, readonly RegExp[]> = {
  recording: [/"log"\s{0,99}:\s{0,99}\{\s{0,99}"(?:version|creator|pages|entries|browser)"/],
  settings: [
    // API_TOKEN=…, export DB_PASSWORD="…", and so on, at the start of a line.
    /^[ \t]{0,16}(?:export |set )?(?:[A-Z0-9]{1,32}_){0,8}(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIALS|APIKEY|KEY)(?:_[A-Z0-9]{1,32}){0,4}[ \t]{0,16}[=:][ \t]{0,16}["']?[^\s"']{6}/m,
    password,
  ],
  private_key: [privateKey, /PuTTY-User-Key-File-\d/, /AGE-SECRET-KEY-1[0-9A-Z]{50}/],
  token: [
    ...tokens,
    /^(?:Set-)?Cookie:[ \t]{0,9}[^\s=;]{1,99}=[^\s;]{12}/im,
    /^# (?:Netscape )?HTTP Cookie File/m,
    /"(?:access|refresh|id)_?token"\s{0,99}:\s{0,99}"[^"\s]{12}/i,
  ],
  cloud_key: [
    ...cloudKeys,
    /\baws_secret_access_key\b/i,
    /"type"\s{0,99}:\s{0,99}"(?:service_account|authorized_user)"/,
    /\bclient-(?:key|certificate)-data:/,
  ],
};

/** @param head the beginning of the text, as long as whoever asks finds it worth */
export function secretsOf(name: string, head: string): Secret[] {
  const ending = name.slice(-255).toLowerCase();
  return secrets.filter((each) => names[each].test(ending) || texts[each].some((text) => text.test(head)));
}
