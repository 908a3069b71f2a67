/** What customers are mailed when what they asked about their data was answered, by language. */

/** What became of a request about one's own data. */
export type RequestNews = 'extended' | 'refused' | 'erasing' | 'done';
/** When it was asked, until when it is answered, and its receipt's address. */
export type AnswerFacts = { site: string; asked: string; due: string; receipt: string };
type AnswerWords = {
  subject: (site: string) => string;
  date: string;
  begins: (facts: AnswerFacts) => string;
  news: Record<RequestNews, (facts: AnswerFacts) => string>;
  where: (site: string) => string;
};

export const answerWords: Record<'en' | 'de' | 'ar', AnswerWords> = {
  en: {
    date: 'en-GB',
    subject: (site) => `Your request to ${site}`,
    begins: ({ asked, site }) => `On ${asked} you asked ${site} something about your data.`,
    news: {
      extended: ({ due }) =>
        `It takes longer to answer it, until ${due} at the latest. Why is said in the chat.`,
      refused: () =>
        'It was refused. Why is said in the chat. You can complain about it to the authority for data protection where you live.',
      erasing: ({ receipt }) =>
        `Everything that is kept about you in the chat is being erased, which goes on by itself. Once it is done, a signed receipt is at\n\n${receipt}`,
      done: () => 'It was answered. The answer is in the chat.',
    },
    where: (site) => `Open the chat with ${site}, choose “Your data” in its menu, and show that it is you.`,
  },
  de: {
    date: 'de',
    subject: (site) => `Ihre Anfrage an ${site}`,
    begins: ({ asked, site }) => `Am ${asked} haben Sie ${site} etwas zu Ihren Daten gefragt.`,
    news: {
      extended: ({ due }) => `Die Antwort braucht länger, höchstens bis zum ${due}. Warum, steht im Chat.`,
      refused: () =>
        'Die Anfrage wurde abgelehnt. Warum, steht im Chat. Sie können sich darüber bei der Datenschutzbehörde beschweren, die für Ihren Wohnort zuständig ist.',
      erasing: ({ receipt }) =>
        `Alles, was im Chat über Sie gespeichert ist, wird jetzt gelöscht; das geht von selbst weiter. Ist es geschehen, liegt ein unterschriebener Beleg unter\n\n${receipt}`,
      done: () => 'Die Anfrage ist beantwortet. Die Antwort steht im Chat.',
    },
    where: (site) =>
      `Öffnen Sie den Chat mit ${site}, wählen Sie im Menü „Ihre Daten“ und bestätigen Sie, dass Sie es sind.`,
  },
  ar: {
    date: 'ar',
    subject: (site) => `طلبك إلى ${site}`,
    begins: ({ asked, site }) => `في ${asked} سألت ${site} عن بياناتك.`,
    news: {
      extended: ({ due }) => `تحتاج الإجابة إلى وقت أطول، حتى ${due} على الأكثر. السبب مذكور في المحادثة.`,
      refused: () =>
        'رُفض الطلب. السبب مذكور في المحادثة. يمكنك أن تشتكي إلى الجهة المختصة بحماية البيانات حيث تقيم.',
      erasing: ({ receipt }) =>
        `يُمحى الآن كل ما هو محفوظ عنك في المحادثة، ويستمر ذلك من تلقاء نفسه. وبعد إتمامه تجد إيصالاً موقَّعاً هنا\n\n${receipt}`,
      done: () => 'أُجيب عن الطلب. الإجابة في المحادثة.',
    },
    where: (site) => `افتح المحادثة مع ${site}، واختر «بياناتك» من القائمة، وأثبت أنك أنت.`,
  },
};
