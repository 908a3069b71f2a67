/** Names the role that whoever asks wants to see Sotto as (rule P8). */
export const seeAsHeader = 'sotto-see-as';
