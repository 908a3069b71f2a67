/** Messages in which nothing is to be found: what people write to a shop or a bank every day, and what only looks like it. */

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());

const talk = lines(`
  Hello, is anybody there?
  Hi! I have a question about my order.
  My order number is 4829174.
  Order 2024-118-39021 has not arrived yet.
  The tracking number is 1Z999AA10123456784.
  DHL says 00340434161094042557 is on its way.
  Tracking: RR123456785DE
  You can call me on +49 171 2345678 after six.
  My phone is 0171 2345678, or 030 901820.
  Call +1 (555) 123-4567 please.
  +44 20 7946 0958 is the office
  Tel. 0043 1 58858-0
  Ring me: 07700 900123
  I was born on 12.05.1984.
  The meeting is on 2026-11-28 at 14:30.
  From 01/12/2026 to 15/12/2026 we are closed.
  It happened on 28 November 2026 between 10:15 and 11:45.
  I forgot my password.
  My password is not working.
  The password is wrong, it says.
  Passwort vergessen, was nun?
  Das Passwort ist falsch.
  How do I change my password?
  Password reset: the link has expired
  The password is case sensitive, isn't it?
  My PIN is blocked.
  Meine PIN ist gesperrt.
  I never got a PIN.
  Can you pin this message?
  Your password must be at least 12 characters long.
  Is the password stored encrypted?
  The token has expired.
  The secret is out!
  We lost the key to the office.
  The API key page shows an error.
  Where do I find my API key?
  I need a new token for the app
  The card was declined.
  Do you take Visa or Mastercard?
  My card ends in 1111.
  The card expires 12/27.
  Where is the CVC on my card?
  The CVV has 3 digits, right?
  My IBAN has changed, where do I tell you?
  Which IBAN do I pay to?
  Do you need my BIC? It is DEUTDEFF.
  What is a social security number needed for?
  Do I need my passport?
  Invoice 2026-000123 is for EUR 1,234.56.
  The total is 12.345,67 EUR, not 12.543,67 EUR.
  It costs $1,299.00 plus $49.99.
  Please cancel item 12 of order 7781902.
  The article number is 4006381333931.
  EAN 5901234123457 is out of stock.
  ISBN 978-3-16-148410-0
  My customer number: 10023394
  Ticket #48213 is still open
  Reference: ABC-2026-1128-77
  Kundennummer 88120934, Rechnung 20261128-4
  Version 2.14.3 crashes on start.
  Build 20261128.1423 works, 20261127.0930 did not.
  Error 0x80070057 appears.
  Status 404 at 10:42:17.123
  The server is at 192.168.178.21.
  Our address: 10115 Berlin, Invalidenstr. 116
  I live at 221B Baker Street, London NW1 6XE.
  1600 Pennsylvania Avenue NW, Washington, DC 20500
  Postcode 75008, Paris
  My flat is number 12, second floor.
  See https://example.com/orders/4829174?page=2
  The page https://shop.example/en/help/returns does not load.
  http://localhost:8080/login answers 502
  Write to bob@example.com
  Send it to anna.schmidt+shop@example.org please
  Commit 3f2a9c1 broke it.
  sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
  Request id 550e8400-e29b-41d4-a716-446655440000
  Session 7f3e2a90-1b7c-4a37-9c64-2f0f6f1c9d11 was cut off.
  At 1764288000 it stopped, at 1764288123456 it went on.
  Latitude 52.520008, longitude 13.404954
  The room is 4.12, on floor 4.
  We are 2 adults and 3 children.
  10 20 30 40 50 60
  1 2 3 4 5 6 7 8 9 10 11 12
  12 34 56 78 90 12 34
  The numbers were 3, 17, 22, 35, 41 and 48.
  Bus 142 leaves at 7:05, 7:25, 7:45 and 8:05.
  Sizes 36 38 40 42 44 are sold out.
  Serial C02XK1JVJG5J
  Model SM-G991B/DS
  IMEI on the box? It is under the battery.
  Flight LH 1234 on 3 May, seat 23A
  Booking code X4TZ9Q
  VIN WVWZZZ1JZXW000001
  Number plate B-AB 1234
  Company register HRB 123456 B
  VAT DE123456789
  USt-IdNr. ATU12345678
  I paid 49,90 € on 3.11. and 49,90 € on 4.11.
  Between 2019 and 2026 I bought 14 phones from you.
  2020 2021 2022 2023 2024
  Please call between 0900 and 1700.
  at 12 o'clock we open, at 20 we close
  Be 15 minutes early
  is 25 percent too much?
  Thanks, that worked!
  Vielen Dank, das hat geholfen.
  Merci beaucoup, bonne journée
  Gracias por su ayuda
  One moment, I will look.
  I have passed it on to billing.
  Could you send me a screenshot?
  The button does nothing when I press it.
  Basic authentication is not supported.
  Our bearer of bad news has left.
  I use the basic plan with 3 users.
  What does "Bearer" mean in the manual?
  Set-Cookie is missing in the answer
  Please accept the cookies
  The sky is blue and the risk is small.
  Task-force-2026-budget-and-planning is the file
  desk-lamp-with-brass-foot-2026-edition
  The private key is on my laptop, not here.
  It begins with BEGIN CERTIFICATE, not with a key.
  My pass is valid until 2027.
  The secret: be patient.
  Token of appreciation attached.
  Das Token ist abgelaufen.
  Mein Ausweis liegt zu Hause.
  Meine Steuererklärung ist fertig.
  Das war am 3. Oktober 1990 um 0 Uhr.
  Die Nummer steht auf Seite 112.
  Wir haben 24 Stunden geöffnet.
  Bitte rufen Sie unter 0800 3301000 an.
  Paket 00340434292135100186 kam an
  Zählerstand 0045127, Zähler 1EMH0008123456
  Vertragskonto 2000 1234 56
  Kundenkarte verloren, was kostet eine neue?
  The gift card is worth 50 euros.
  My loyalty card has 1200 points.
  Pages 4-4-4 and 5-5-5 are missing
  7-day trial, then 9.99 a month
  3x 2.5 mm and 4x 3.5 mm screws
  555-0123 rings but nobody answers
  Wifi works at 2.4 GHz, not at 5 GHz
  We need 16 GB RAM and 512 GB disk.
  Score: 3-6, 6-4, 7-6
  My username is bob1984.
  The password manager fills it in twice.
  The pass was brilliant.
  My pass is 12.05.2027.
  The tan is beautiful.
  Change your password every 90 days?
  I typed the password 3 times
  password: required
  PIN or fingerprint?
  The code on the back is scratched off.
  Is there a discount code?
  My discount code is SUMMER20
  Use code WELCOME10
  Room code? It is on the door.
  Your parcel is at locker 114.
  :-) :-( ;-) 8-)
  ...
  ???
  OK
  👍
  Ja.
  No, thank you.
  你好，我的订单还没到。
  Привет, где мой заказ?
  مرحبا، رقم الطلب ١٢٣٤٥٦
  注文番号は 12345678 です。
  주문번호 20261128 입니다`);

const templates = lines(`
  My order {8} has not come.
  Order no. {10}, please cancel.
  Bestellung {9} ist beschädigt.
  Tel. 0{3} {7}
  Call me: +49 1{2} {8}
  Invoice {4}-{6} of {2}.0{1}.2026`);

/** Order numbers, telephone numbers and dates, always the same. */
function filled(): string[] {
  let state = 42;
  const digits = (count: number) =>
    Array.from({ length: count }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (Math.floor(state / 65_536) % 9) + 1;
    }).join('');
  return Array.from({ length: 10 }).flatMap(() =>
    templates.map((template) => template.replace(/\{(\d+)\}/g, (_, count: string) => digits(Number(count)))),
  );
}

/** What looks like it and is not: a digit is wrong, or a word is missing. */
export const lookalikes = lines(`
  4111 1111 1111 1112
  My card is 4242 4242 4242 4241
  5555555555554445
  378282246310006
  9111 1111 1111 1111
  0000 0000 0000 0000
  DE89 3704 0044 0532 0130 01
  GB29 NWBK 6016 1331 9268 18
  DE89 3704 0044 0532 0130
  XX89 3704 0044 0532 0130 00
  ZZ12 3456 7890 1234
  Meine Steuer-ID: 36315304978
  CPF 571.751.780-78
  Mi DNI es 36243736A
  codice fiscale NFBMDG24H26H501K
  756.1935.9760.29
  PESEL 76070419386
  885-34-6895
  BSN 102673823
  My SIN is 692783153
  aadhaar 4171 2669 3438
  身份证号码是110105197610288909
  マイナンバーは176331721761です
  My order is 176331721760
  주민등록번호는 741304-1267432입니다
  It is 660504-2522699, as you asked
  СНИЛС 141-010-445 79
  My order is 16642028862
  ИНН 421126663732
  Order 421126663731
  TC kimlik numaram 12277126537
  Sipariş 49740276986
  Mi CURP: PONM710708MJCLXZ08
  My ID number is 6405182534087
  TFN 577070045
  Parcel 026 032 384
  eyJhbGciOiJIUzI1NiJ9
  sk-learn-is-a-fine-library
  ghp_short
  AKIA is where it begins
  https://bob@example.com/
  https://example.com:8443/a@b
  password is: ********
  Password: •••••••
  {"password":""}
  const password = (
  token: none
  api key: <your-key-here>
  •••• •••• •••• 1111
  [••• secret]
  CVC: [••• cvc]
  password: [••• secret]`);

export const everyday: readonly string[] = [...talk, ...filled()];
