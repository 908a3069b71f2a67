/** Canned replies over HTTP. */
import { Hono } from 'hono';
import { bodyOf, type Http } from '../../http.ts';
import { allow, staffOf } from '../../people/guard.ts';
import { note } from '../../people/recording.ts';
import {
  type RepliesAnswer,
  type ReplyAnswer,
  replyChangeRequest,
  replyRequest,
} from '../../protocol/bodies.ts';
import { idIn } from '../door.ts';
import { addReply, changeReply, dropReply, repliesFor } from '../replies.ts';

export const replyRoutes = new Hono<Http>()
  .get('/replies', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'replies.list');
    return c.json<RepliesAnswer>({ replies: await repliesFor(c.env, staff) });
  })

  .post('/replies', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const reply = await addReply(c.env, staff, await bodyOf(c, replyRequest));
    note(c, { object: reply.id });
    return c.json<ReplyAnswer>({ reply }, 201);
  })

  .patch('/replies/:id', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const change = await bodyOf(c, replyChangeRequest);
    return c.json<ReplyAnswer>({ reply: await changeReply(c.env, staff, idIn(c, 'reply', 'id'), change) });
  })

  .delete('/replies/:id', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    await dropReply(c.env, staff, idIn(c, 'reply', 'id'));
    return c.json({});
  });
