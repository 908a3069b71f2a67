/** What the widget says to customers. */
export const words = {
  title: 'Chat with us',
  close: 'Close chat',
  staff: 'Support',
  visitor: 'You',
  welcome: 'Hello! Write to us, and somebody will answer here.',
  placeholder: 'Write a message',
  closed: 'This conversation is closed.',
  startNew: 'Start a new conversation',
  unavailable: 'This chat is not available at the moment.',
  privacy: 'Messages are encrypted in transit and at rest.',
  waiting: 'We have your message. Somebody will be with you soon.',
  claimed: (name: string) => `You are talking with ${name}.`,
};
