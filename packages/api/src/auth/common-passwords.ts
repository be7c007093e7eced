/** The commonest passwords of twelve characters and more in published breaches, lower case. Shorter ones fail by length. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  000000000000 111111111111 112233445566 121212121212 123123123123 123321123321 123412341234 123451234512 1234512345678
  123456123456 1234561234567 123456654321 1234567654321 12345678900987654321 123456781234 12345678910 123456789101
  1234567890-= 12345678901 123456789012 1234567890123 12345678901234 123456789012345 1234567890123456
  12345678901234567890 123456789101112 1234567890987654321 1234567890abc 1234567890qwerty 123456789123 123456789123456789
  123456789987654321 123456789abc 123456789abcd 123456789qwe 123456789qwerty 123456abcdef 123456qwerty 123654789632
  1234qwerasdf 1234qwerasdfzxcv 123qweasdzxc 123qweasd123 123qwe123qwe 12qwaszx34er 147258369000 147852369000 1q2w3e4r5t6y
  1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o 1q2w3e4r5t6y7u8i9o0p 1qaz1qaz1qaz 1qaz2wsx3edc 1qaz2wsx3edc4rfv
  1qazxsw23edc 1qazxsw23edcvfr4 222222222222 333333333333 555555555555 666666666666 777777777777 888888888888 987654321000
  987654321012 9876543210123 999999999999 aaaaaaaaaaaa abc123abc123 abc123456789 abc1234567890 abcabcabcabc abcd12345678
  abcd1234abcd abcd1234567890 abcdef123456 abcdefg12345 abcdefg123456 abcdefg1234567 abcdefghijkl abcdefghijklm
  abcdefghijklmn abcdefghijklmnop abcdefghijklmnopqrstuvwxyz access123456 admin1234567 admin12345678 admin123456789
  adminadminadmin administrator administrator1 administrator123 alexander123 asdasdasdasd asdf1234asdf asdfasdfasdf
  asdfghjkl123 asdfghjkl1234 asdfghjkl;'\\ asdfghjklqwertyuiop asdfghjklzxcvbnm assassinscreed baseball1234 basketball12
  basketball123 billabong123 blink182blink changeme1234 changeme12345 changeme123456 changemechangeme charlie123456
  chelsea12345 chocolate123 christopher1 computer1234 counterstrike defaultpassword dragon123456 dragonball123 elizabeth123
  encarnacion1 facebook1234 football1234 football12345 fuckyou12345 fuckyoufuckyou harrypotter1 harrypotter123
  hello1234567 hellohello123 helloworld12 helloworld123 iloveyou1234 iloveyou12345 iloveyou123456 iloveyouforever
  iloveyousomuch ilovejesus123 internet1234 jesuschrist1 jordan123456 julia123456789 killer123456 leedsunited1
  letmein12345 letmein123456 letmeinletmein liverpool123 liverpoolfc1 lovelovelove loveyou12345 mailpassword1
  manchester12 manchester123 manchesterunited marseille123 master123456 metallica123 michael12345 minecraft123
  monkey123456 motherfucker motherfucker1 mustang12345 mypassword12 mypassword123 mypassword1234 newpassword1 newpassword12
  newpassword123 passw0rd1234 passw0rd12345 passw0rd123456 password0000 password1111 password1234 password12345
  password123456 password1234567 password12345678 password123456789 password1234567890 password2020 password2021
  password2022 password2023 password2024 password2025 password2026 passwordpassword passwort1234 p@ssw0rd1234 p@ssw0rd12345
  p@ssword1234 p@$$w0rd1234 pokemon12345 poohbear1234 princess1234 princess12345 q1w2e3r4t5y6 q1w2e3r4t5y6u7 q1w2e3r4t5y6u7i8
  qazwsx123456 qazwsxedc123 qazwsxedcrfv qazwsxedcrfvtgb qqqqqqqqqqqq qwe123qwe123 qweasdzxc123 qweqweqweqwe
  qwer1234asdf qwer1234qwer qwerasdfzxcv qwert1234567 qwerty123123 qwerty123321 qwerty123456 qwerty1234567 qwerty12345678
  qwerty123456789 qwerty1234567890 qwerty654321 qwertyqwerty qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiop[]
  qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm rangers12345 realmadrid12 realmadrid123 samsung12345 scoobydoo123
  secret123456 secretpassword shadow123456 skateboard12 slipknot1234 snickers1234 spiderman123 starwars1234 sunshine1234
  sunshine12345 superman1234 superman12345 supersecret1 tottenham123 trustno1trustno1 welcome12345 welcome123456
  welcomewelcome whatever1234 yankees12345 yourpassword z1x2c3v4b5n6 zaq12wsxcde3 zaq1xsw2cde3 zxcvbnm12345 zxcvbnm123456
  zxcvbnm1234567 zxcvbnm,./123 zxcvbnmasdfghjkl zxcvbnmasdfghjklqwertyuiop zzzzzzzzzzzz
  `
    .trim()
    .split(/\s+/),
)
