export const TITLE = 'Simulator';
export const DESCRIPTION = 'A simulated server: everybody and everything here is made up.';
export const VERSION = '4.5.2';
export const CONTACT_EMAIL = 'nobody@localhost';

/** Mastodon's limits, as of 4.5. */
export const CONFIGURATION = {
  vapid: { public_key: '' },
  accounts: {
    max_display_name_length: 30,
    max_note_length: 500,
    max_avatar_description_length: 150,
    max_header_description_length: 150,
    max_featured_tags: 10,
    max_pinned_statuses: 5,
    max_profile_fields: 4,
    profile_field_name_limit: 255,
    profile_field_value_limit: 255,
  },
  statuses: { max_characters: 500, max_media_attachments: 4, characters_reserved_per_url: 23 },
  media_attachments: {
    description_limit: 1_500,
    image_matrix_limit: 33_177_600,
    image_size_limit: 16_777_216,
    supported_mime_types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'video/mp4', 'audio/mpeg'],
    video_frame_rate_limit: 120,
    video_matrix_limit: 8_294_400,
    video_size_limit: 103_809_024,
  },
  polls: { max_options: 4, max_characters_per_option: 50, min_expiration: 300, max_expiration: 2_629_746 },
  translation: { enabled: false },
  limited_federation: false,
};
