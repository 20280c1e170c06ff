import type { Voice } from './voice.ts';

export const SOUTH_ASIA: readonly Voice[] = [
  {
    language: 'hi',
    weight: 3,
    names: ['मीरा जोशी|meera', 'अर्जुन वर्मा|arjunv'],
    sentences: [
      'आज सुबह बगीचे में दो मोर दिखे और सारा मोहल्ला छत पर आ गया।',
      'क्या किसी को पुरानी घड़ी ठीक करने वाला पता है?',
      'दादी की अदरक वाली चाय से अच्छी दवा कोई नहीं।',
      'ट्रेन दो घंटे देर से आई, पर खिड़की वाली सीट मिल गई।',
      'बारिश के बाद मिट्टी की खुशबू को बोतल में बंद कर लेने का मन करता है।',
    ],
    hashtags: ['किताबें', 'बारिश', 'चाय'],
  },
  {
    language: 'bn',
    weight: 1,
    names: ['রুমা সেন|ruma'],
    sentences: [
      'আজ নদীর ধারে কাশফুল ফুটেছে, শরৎ এসে গেল।',
      'কেউ কি ভালো পুরোনো বইয়ের দোকানের খোঁজ জানেন?',
      'বৃষ্টিতে ভিজে বাড়ি ফিরে গরম খিচুড়ি, আর কী চাই।',
    ],
    hashtags: ['বই', 'বৃষ্টি'],
  },
  {
    language: 'ta',
    weight: 1,
    names: ['கவிதா|kavitha'],
    sentences: [
      'காலையில் கடற்கரையில் ஆமைக் குஞ்சுகள் கடலுக்குச் செல்வதைப் பார்த்தோம்.',
      'பழைய வானொலியைச் சரிசெய்ய யாருக்காவது தெரியுமா?',
      'அம்மா செய்த ரசம் போதும், மழைக்காலம் இனிமைதான்.',
    ],
    hashtags: ['புத்தகம்', 'மழை'],
  },
  {
    language: 'th',
    weight: 2,
    names: ['น้ำฝน|namfon', 'ร้านหนังสือริมคลอง|rimkhlong'],
    sentences: [
      'เช้านี้ตลาดริมคลองมีมะม่วงหวานเต็มแผง',
      'ใครรู้จักร้านซ่อมจักรยานดีๆ แถวเชียงใหม่บ้าง',
      'แมวที่บ้านนอนทับหนังสือเล่มที่กำลังอ่านพอดี',
      'ฝนตกทั้งคืน แต่ดอกบัวในโอ่งบานแล้วสามดอก',
    ],
    hashtags: ['ถ่ายรูป', 'แมว', 'กาแฟ'],
  },
  {
    language: 'vi',
    weight: 2,
    names: ['Nguyễn Thu Hà|thuha', 'Trần Đức|tranduc'],
    sentences: [
      'Sáng nay phố cổ thơm mùi phở và mưa.',
      'Có ai biết chỗ sửa máy ảnh cũ ở Hà Nội không?',
      'Bà ngoại gửi cho một giỏ ổi, ngọt lịm.',
      'Con mèo nhà tôi vừa học được cách mở cửa sổ.',
    ],
    hashtags: ['NhiếpẢnh', 'HàNội'],
  },
  {
    language: 'id',
    weight: 2,
    names: ['Putri Lestari|putri', 'Bayu Saputra|bayu'],
    sentences: [
      'Pagi ini gunung terlihat jelas sekali dari atap rumah.',
      'Ada yang tahu bengkel sepeda yang bagus di Yogya?',
      'Hujan deras, kopi panas, dan buku yang belum selesai.',
      'Kucing tetangga melahirkan lima anak di dalam lemari kami.',
    ],
    hashtags: ['Fotografi', 'Kopi'],
  },
];
