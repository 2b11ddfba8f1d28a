/** One thing that a phone shows. */
export interface PhoneMessage {
  id: string;
  /** The platform's own id: MsgId, message_id. */
  platformId: string;
  at: string;
  /** A `notice` is the platform speaking, such as "service is out of order". */
  from: 'customer' | 'account' | 'notice';
  kind: 'text' | 'image' | 'voice' | 'video' | 'document' | 'location' | 'link' | 'event';
  text: string;
  mediaId?: string;
  url?: string;
  buttons?: PhoneButton[];
  /** Of a customer's message: did the webhook reach the server? */
  delivery?: 'sending' | 'delivered' | 'refused';
  isEdited?: boolean;
}

export interface PhoneButton {
  label: string;
  /** What the platform sends back when it is pressed. */
  data?: string;
  url?: string;
}

export type NewPhoneMessage = Omit<PhoneMessage, 'id' | 'at'>;
