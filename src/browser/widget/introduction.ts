/** What a customer says of themselves before their first message. */
export interface Introduction {
  name?: string;
  address?: string;
  /** In the order of the site's questions of kind `text`. */
  answers?: (string | null)[];
  /** The version of what they consented to. */
  consent?: string;
}
