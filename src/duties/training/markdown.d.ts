/** A lesson comes along as the text that it is written in. */
declare module '*.md' {
  const text: string;
  export default text;
}
