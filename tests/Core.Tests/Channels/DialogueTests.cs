using System.Text.Json;
using Serverless940.Core.Channels;
using Serverless940.Core.Messages;
using Serverless940.Core.Notifications;
using Serverless940.Core.Policies;
using Serverless940.Core.Reports;
using Serverless940.Core.Tests.Policies;

namespace Serverless940.Core.Tests.Channels;

public sealed class DialogueTests
{
    private static readonly Policy s_policy = ExamplePolicy.Policy;
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_text_then_a_photo_then_a_pin_make_one_report()
    {
        var talk = new Talk();

        talk.Text("عمود إنارة مكسور أمام المدرسة").Hears("dialogue.askPlace");
        Assert.True(talk.Replies[0].AskLocation);
        talk.Photo("11").Hears("dialogue.stillPlace");
        talk.Pin(26.4282, 50.0881, "مدرسة").Hears();

        var report = Assert.Single(talk.Submissions);
        Assert.Equal((ReportKind.Report, "عمود إنارة مكسور أمام المدرسة"), (report.Kind, report.Text));
        Assert.Equal(new ReportPlace(26.4282, 50.0881, "مدرسة"), report.Place);
        Assert.Equal((report.Number, "11"), (Assert.Single(talk.Media).Number, talk.Media[0].Media.Id));
        Assert.Equal("ar", talk.State!.Language);
    }

    [Fact]
    public void The_number_comes_from_the_channel_and_the_first_event_alone()
    {
        var talk = new Talk();
        talk.Text("حفرة كبيرة في الشارع");
        talk.Pin(26.4282, 50.0881);

        var source = ReportNumber.SourceHash("whatsapp", "e1");
        Assert.Equal((ReportNumber.Derive(source, 2026), source), (talk.Submissions[0].Number, talk.Submissions[0].SourceHash));
    }

    [Fact]
    public void The_year_of_the_number_is_the_local_one_of_the_first_event()
    {
        // 21:30 UTC on New Year's Eve is half past midnight in Riyadh.
        var talk = new Talk { Now = new DateTimeOffset(2026, 12, 31, 21, 30, 0, TimeSpan.Zero) };

        talk.Text("حفرة كبيرة في الشارع 26.4282, 50.0881");

        Assert.StartsWith("27", talk.Submissions[0].Number, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tpl")]
    [InlineData("tlp")]
    [InlineData("ptl")]
    [InlineData("plt")]
    [InlineData("ltp")]
    [InlineData("lpt")]
    [InlineData("tl")]
    [InlineData("lt")]
    [InlineData("pl")]
    [InlineData("lp")]
    [InlineData("vl")]
    [InlineData("lv")]
    public void Things_come_in_any_order(string order)
    {
        var talk = new Talk();
        foreach (var thing in order)
        {
            _ = thing switch
            {
                't' => talk.Text("حفرة كبيرة في الشارع"),
                'p' => talk.Photo("11"),
                'v' => talk.Voice("12"),
                _ => talk.Pin(26.4282, 50.0881),
            };
        }

        var report = Assert.Single(talk.Submissions);
        Assert.Equal(26.4282, report.Place!.Lat);
        Assert.Equal(order.Contains('p', StringComparison.Ordinal) || order.Contains('v', StringComparison.Ordinal) ? 1 : 0, talk.Media.Count);
        Assert.All(talk.Media, file => Assert.Equal(report.Number, file.Number));
    }

    [Theory]
    [InlineData("عمود مكسور https://maps.google.com/?q=26.4282,50.0881")]
    [InlineData("عمود مكسور\nhttps://www.google.com/maps/place/School/@26.40,50.00,17z/data=!3m1!4b1!4m6!3m5!8m2!3d26.4282!4d50.0881!16s")]
    [InlineData("عمود مكسور https://www.google.com/maps/@26.4282,50.0881,17z")]
    [InlineData("عمود مكسور https://www.google.com/maps/search/?api=1&query=26.4282%2C50.0881")]
    [InlineData("عمود مكسور https://www.google.com/maps/search/26.4282,+50.0881?entry=tts")]
    [InlineData("عمود مكسور https://maps.apple.com/?ll=26.4282,50.0881&q=Pin")]
    [InlineData("عمود مكسور https://maps.apple.com/place?coordinate=26.4282,50.0881&name=Pin")]
    [InlineData("عمود مكسور geo:26.4282,50.0881?z=15")]
    [InlineData("عمود مكسور 26.4282, 50.0881")]
    [InlineData("عمود مكسور ٢٦٫٤٢٨٢، ٥٠٫٠٨٨١")]
    [InlineData("عمود مكسور ‏26.4282 50.0881‏")]
    public void A_complete_first_message_is_asked_nothing(string text)
    {
        var talk = new Talk();

        talk.Text(text).Hears();

        var report = Assert.Single(talk.Submissions);
        Assert.Equal((26.4282, 50.0881, "عمود مكسور"), (report.Place!.Lat, report.Place.Lon, report.Text));
    }

    [Theory]
    [InlineData("عمود مكسور RAAA2919", "RAAA2919")]
    [InlineData("broken pole at rcta 4321", null)]
    [InlineData("broken pole at RCTA 4321", "RCTA4321")]
    [InlineData("عمود مكسور عند rcta٤٣٢١", "RCTA4321")]
    public void A_national_address_code_in_the_words_is_a_place(string text, string? code)
    {
        var talk = new Talk();

        talk.Text(text);

        Assert.Equal(code, talk.Submissions.FirstOrDefault()?.Place?.NationalAddress);
    }

    [Theory]
    [InlineData("RAAA 2919")]
    [InlineData("raaa-2919")]
    [InlineData("‏raaa ٢٩١٩")]
    public void A_code_alone_answers_where(string code)
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");

        talk.Text(code).Hears();

        Assert.Equal(new ReportPlace(NationalAddress: "RAAA2919"), talk.Submissions[0].Place);
    }

    [Fact]
    public void A_photo_with_words_and_a_place_is_complete()
    {
        var talk = new Talk();

        talk.Photo("11", "حفرة في شارع الخليج https://maps.google.com/?q=26.4282,50.0881").Hears();

        Assert.Equal("حفرة في شارع الخليج", Assert.Single(talk.Submissions).Text);
        Assert.Single(talk.Media);
    }

    [Fact]
    public void Once_asked_where_words_are_an_address()
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");

        talk.Text("حي الشاطئ، شارع الخليج قرب الدوار").Hears();

        Assert.Equal(new ReportPlace(Address: "حي الشاطئ، شارع الخليج قرب الدوار"), talk.Submissions[0].Place);
        Assert.Equal("عمود إنارة مكسور", talk.Submissions[0].Text);
    }

    [Fact]
    public void Words_after_a_photo_say_what_it_shows_and_where_if_they_name_a_place()
    {
        var plain = new Talk();
        plain.Photo("11").Hears("dialogue.askPlace");
        plain.Text("حفرة كبيرة في الشارع").Hears("dialogue.stillPlace");
        plain.Text("أمام البقالة").Hears();
        Assert.Equal(("حفرة كبيرة في الشارع", "أمام البقالة"), (plain.Submissions[0].Text, plain.Submissions[0].Place!.Address));

        foreach (var text in new[] { "حي الشاطئ شارع الخليج", "حفرة كبيرة في سيهات", "pothole near the school" })
        {
            var placed = new Talk();
            placed.Photo("11");
            placed.Text(text).Hears();
            Assert.Equal((text, text), (placed.Submissions[0].Text, placed.Submissions[0].Place!.Address));
        }
    }

    [Theory]
    [InlineData("السلام عليكم ورحمة الله وبركاته", "ar")]
    [InlineData("مَرْحَباً", "ar")]
    [InlineData("صباح الخير!", "ar")]
    [InlineData("Hello", "en")]
    [InlineData("good morning sir", "en")]
    [InlineData("help", "en")]
    [InlineData("مساعدة", "ar")]
    public void A_greeting_is_answered_with_how_to_report(string text, string language)
    {
        var talk = new Talk();

        talk.Text(text).Hears("dialogue.welcome");

        Assert.Equal(language, talk.State!.Language);
        Assert.Null(talk.State.Draft);
    }

    [Fact]
    public void A_greeting_before_a_report_does_not_hide_it()
    {
        var talk = new Talk();

        talk.Text("السلام عليكم، عمود إنارة مكسور").Hears("dialogue.askPlace");
        Assert.NotNull(talk.State!.Draft);
    }

    [Fact]
    public void An_english_report_is_answered_in_english_and_an_address_in_arabic_changes_nothing()
    {
        var talk = new Talk();

        talk.Text("Broken street light").Hears("dialogue.askPlace");
        talk.Text("حي الشاطئ شارع الخليج");

        Assert.Equal("en", talk.State!.Language);
        Assert.Single(talk.Submissions);
    }

    [Theory]
    [InlineData("اردو", "ur")]
    [InlineData("हिन्दी", "hi")]
    [InlineData("हिंदी", "hi")]
    [InlineData("Hindi", "hi")]
    [InlineData("বাংলা", "bn")]
    [InlineData("Tagalog", "fil")]
    [InlineData("Bahasa Indonesia", "id")]
    [InlineData("Français", "fr")]
    [InlineData("francais", "fr")]
    [InlineData("TÜRKÇE", "tr")]
    [InlineData("فارسی", "fa")]
    [InlineData("മലയാളം", "ml")]
    [InlineData("አማርኛ", "am")]
    [InlineData("English", "en")]
    [InlineData("العربية", "ar")]
    public void Each_language_can_be_asked_for_by_its_name(string text, string language)
    {
        var talk = new Talk();
        talk.Text("حفرة كبيرة في الطريق");

        talk.Text(text).Hears("dialogue.language", "dialogue.stillPlace");
        Assert.Equal((language, true), (talk.State!.Language, talk.State.LanguageChosen));
        talk.Text("King Fahd road near the school");
        Assert.Equal(language, talk.State.Language);
    }

    [Theory]
    [InlineData("سڑک پر بہت بڑا گڑھا ہے", "ur", "نئی رپورٹ")]
    [InlineData("सड़क पर बड़ा गड्ढा है", "hi", "नई रिपोर्ट")]
    [InlineData("রাস্তায় বড় গর্ত হয়েছে", "bn", "নতুন রিপোর্ট")]
    [InlineData("May malaking lubak sa kalsada", "fil", "bagong ulat")]
    [InlineData("Ada lubang besar di jalan", "id", "laporan baru")]
    [InlineData("Il y a un grand trou dans la rue", "fr", "nouveau signalement")]
    [InlineData("Yolda büyük bir çukur var", "tr", "yeni bildirim")]
    [InlineData("در خیابان چاله بزرگی هست", "fa", "گزارش جدید")]
    [InlineData("റോഡിൽ വലിയ കുഴിയുണ്ട്", "ml", "പുതിയ റിപ്പോർട്ട്")]
    [InlineData("መንገዱ ላይ ትልቅ ጉድጓድ አለ", "am", "አዲስ ሪፖርት")]
    public void A_report_is_answered_in_its_own_language_and_its_words_steer(string text, string language, string restart)
    {
        var talk = new Talk();

        talk.Text(text).Hears("dialogue.askPlace");
        Assert.Equal((language, text), (talk.State!.Language, talk.State.Draft!.Text));
        talk.Text(restart).Hears("dialogue.restarted");
        Assert.Equal(language, talk.State.Language);
        Assert.Null(talk.State.Draft);
    }

    [Fact]
    public void Hindi_is_no_where_filipino_is_spoken()
    {
        var talk = new Talk();
        talk.Text("May malaking lubak sa kalsada").Hears("dialogue.askPlace");

        talk.Text("hindi");

        Assert.Equal("fil", talk.State!.Language);
        Assert.False(talk.State.LanguageChosen);
    }

    [Fact]
    public void The_language_can_be_switched_at_any_time_and_stays()
    {
        var talk = new Talk();

        talk.Text("عمود إنارة مكسور").Hears("dialogue.askPlace");
        talk.Text("English").Hears("dialogue.language", "dialogue.stillPlace");
        Assert.Equal("en", talk.State!.Language);
        talk.Pin(26.4282, 50.0881);
        talk.Text("حفرة كبيرة في الطريق");
        Assert.Equal("en", talk.State.Language);
        talk.Text("عربي");
        Assert.Equal("ar", talk.State.Language);
        Assert.Equal("عمود إنارة مكسور", talk.Submissions[0].Text);
    }

    [Theory]
    [InlineData("جديد")]
    [InlineData("new")]
    [InlineData("بلاغ جديد")]
    [InlineData("Cancel")]
    public void It_can_be_restarted(string word)
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");

        talk.Text(word).Hears("dialogue.restarted");
        talk.Text("حفرة في الشارع");
        talk.Pin(26.4282, 50.0881);

        Assert.Equal("حفرة في الشارع", Assert.Single(talk.Submissions).Text);
        Assert.Equal(ReportNumber.SourceHash("whatsapp", "e3"), talk.Submissions[0].SourceHash);
    }

    [Fact]
    public void What_cannot_be_read_is_answered_and_the_question_asked_again()
    {
        var talk = new Talk();

        talk.Send(InboundKind.Unsupported).Hears("dialogue.unsupported");
        talk.Text("عمود إنارة مكسور");
        talk.Send(InboundKind.Unsupported).Hears("dialogue.unsupported", "dialogue.stillPlace");
        talk.Pin(26.4282, 50.0881);

        Assert.Single(talk.Submissions);
    }

    [Fact]
    public void The_words_under_a_film_count()
    {
        var talk = new Talk();

        talk.Send(InboundKind.Unsupported, "ماسورة مياه مكسورة").Hears("dialogue.unsupported", "dialogue.askPlace");
        talk.Pin(26.4282, 50.0881);

        Assert.Equal("ماسورة مياه مكسورة", talk.Submissions[0].Text);
    }

    [Fact]
    public void An_unfinished_report_of_yesterday_is_not_continued()
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");

        talk.Wait(TimeSpan.FromHours(25)).Text("حفرة في الشارع").Hears("dialogue.expired", "dialogue.askPlace");
        talk.Pin(26.4282, 50.0881);

        Assert.Equal("حفرة في الشارع", Assert.Single(talk.Submissions).Text);
    }

    [Fact]
    public void A_day_less_a_minute_is_not_too_late()
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");

        talk.Wait(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(2)).Pin(26.4282, 50.0881).Hears();

        Assert.Single(talk.Submissions);
    }

    [Fact]
    public void A_photo_shortly_after_is_added_to_the_report()
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");
        talk.Pin(26.4282, 50.0881);

        talk.Wait(TimeSpan.FromMinutes(50)).Photo("11").Hears("dialogue.attached");
        talk.Voice("12").Hears("dialogue.attached");
        talk.Photo("13", "صورة ثانية").Hears("dialogue.attached");

        Assert.Equal(["11", "12", "13"], talk.Media.Select(file => file.Media.Id));
        Assert.All(talk.Media, file => Assert.Equal(talk.Submissions[0].Number, file.Number));
        Assert.Equal(3, talk.Media.Select(file => file.AttachmentId).Distinct().Count());
        Assert.Null(talk.State!.Draft);
    }

    [Fact]
    public void A_photo_long_after_or_after_a_restart_is_another_report()
    {
        var late = new Talk();
        late.Text("عمود إنارة مكسور");
        late.Pin(26.4282, 50.0881);
        late.Wait(TimeSpan.FromMinutes(61)).Photo("11").Hears("dialogue.askPlace");
        Assert.Empty(late.Media);

        var other = new Talk();
        other.Text("عمود إنارة مكسور");
        other.Pin(26.4282, 50.0881);
        other.Text("جديد");
        other.Photo("11").Hears("dialogue.askPlace");
        Assert.Empty(other.Media);
    }

    [Fact]
    public void A_photo_that_tells_its_own_story_is_another_report()
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");
        talk.Pin(26.4282, 50.0881);

        talk.Photo("11", "حفرة كبيرة أمام البقالة في الشارع الخلفي").Hears("dialogue.askPlace");
    }

    [Fact]
    public void A_text_after_the_report_is_another_one_and_thanks_are_not()
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");
        talk.Pin(26.4282, 50.0881);

        talk.Text("شكرا جزيلا").Hears("dialogue.thanks");
        talk.Text("ok thank you").Hears("dialogue.thanks");
        Assert.Null(talk.State!.Draft);
        talk.Text("حفرة في الشارع").Hears("dialogue.askPlace");
    }

    [Fact]
    public void The_number_or_where_is_my_report_asks_how_it_stands()
    {
        var talk = new Talk();
        talk.Text("وين بلاغي؟").Hears("dialogue.statusNumber");
        talk.Text("عمود إنارة مكسور");
        talk.Pin(26.4282, 50.0881);
        var number = talk.Submissions[0].Number;

        talk.Text("وين بلاغي؟").Hears("dialogue.status");
        Assert.Equal(number, talk.Replies[0].Values["number"]);
        talk.Text(ArabicDigits(number)).Hears("dialogue.status");
        Assert.Equal(number, talk.Replies[0].Values["number"]);
        talk.Text("بلاغ رقم " + number).Hears("dialogue.status");
        talk.Text(number[..13] + (char)('0' + ((number[13] - '0' + 1) % 10))).Hears("dialogue.wrongNumber");
        Assert.Single(talk.Submissions);
    }

    [Fact]
    public void A_second_message_that_leads_nowhere_sends_the_report_without_a_place()
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");

        talk.Text("؟؟").Hears("dialogue.askPlaceAgain");
        talk.Text("لا أعرف").Hears("dialogue.withoutPlace");

        Assert.Null(Assert.Single(talk.Submissions).Place);
    }

    [Fact]
    public void Whoever_says_nothing_twice_is_given_the_telephone()
    {
        var talk = new Talk();

        talk.Text("🙏").Hears("dialogue.notUnderstood");
        talk.Text("..").Hears("dialogue.handOver");
        talk.Text("\u200f").Hears("dialogue.notUnderstood");

        Assert.Null(talk.State!.Draft);
    }

    [Fact]
    public void A_button_sends_the_report_without_a_place_once()
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");
        talk.Text("؟؟");
        var button = Assert.Single(talk.Replies[0].Buttons!);

        talk.Choose(button.Id).Hears("dialogue.withoutPlace");
        Assert.Single(talk.Submissions);
        talk.Choose(button.Id).Hears("dialogue.stale");

        talk.Text("حفرة في الشارع");
        talk.Choose(button.Id).Hears("dialogue.stale", "dialogue.stillPlace");
        Assert.Single(talk.Submissions);
    }

    [Theory]
    [InlineData(40.7128, -74.0060)] // another continent
    [InlineData(24.7136, 46.6753)] // Riyadh: another amana
    [InlineData(0, 0)] // a device that did not know
    [InlineData(50.0881, 26.4282)] // exchanged
    [InlineData(95, 200)]
    public void A_place_that_cannot_be_ours_is_not_taken(double lat, double lon)
    {
        var talk = new Talk();
        talk.Text("عمود إنارة مكسور");

        talk.Pin(lat, lon).Hears("dialogue.outside");
        talk.Pin(lat, lon).Hears("dialogue.handOver");
        Assert.Empty(talk.Submissions);
        talk.Pin(26.4282, 50.0881).Hears();
        Assert.Single(talk.Submissions);
    }

    [Fact]
    public void A_short_map_link_is_asked_about_once_and_then_goes_along()
    {
        var talk = new Talk();

        talk.Text("عمود مكسور https://maps.app.goo.gl/AbCdEf123").Hears("dialogue.mapLink");
        talk.Text("https://maps.app.goo.gl/AbCdEf123").Hears();

        var report = Assert.Single(talk.Submissions);
        Assert.Equal(("عمود مكسور", "https://maps.app.goo.gl/AbCdEf123"), (report.Text, report.Place!.Address));
    }

    [Fact]
    public void A_link_that_is_no_map_stays_in_the_words()
    {
        var talk = new Talk();

        talk.Text("شاهدوا https://example.com/video?id=7").Hears("dialogue.askPlace");

        Assert.Equal("شاهدوا https://example.com/video?id=7", talk.State!.Draft!.Text);
    }

    [Fact]
    public void An_enquiry_needs_no_place()
    {
        var talk = new Talk();

        talk.Text("استفسار: متى يفتح سوق الخضار في العيد؟").Hears();

        Assert.Equal(ReportKind.Enquiry, Assert.Single(talk.Submissions).Kind);
    }

    [Theory]
    [InlineData("شكوى من مطعم", ReportKind.Complaint)]
    [InlineData("اقتراح: حديقة للأطفال", ReportKind.Suggestion)]
    [InlineData("ملاحظة على الرصيف", ReportKind.Observation)]
    [InlineData("complaint about a shop", ReportKind.Complaint)]
    public void The_kind_is_what_its_first_word_says(string text, ReportKind kind)
    {
        var talk = new Talk();
        talk.Text(text);
        talk.Pin(26.4282, 50.0881);

        Assert.Equal(kind, talk.Submissions[0].Kind);
    }

    [Fact]
    public void More_files_than_a_report_takes_are_refused_with_a_word()
    {
        var talk = new Talk();
        for (var file = 0; file < s_policy.Intake.MaxAttachments; file++)
        {
            talk.Photo("m" + file);
        }

        talk.Photo("one more").Hears("dialogue.tooMany", "dialogue.stillPlace");
        talk.Pin(26.4282, 50.0881);
        talk.Photo("and another").Hears("dialogue.tooMany");

        Assert.Equal(s_policy.Intake.MaxAttachments, talk.Media.Count);
    }

    [Fact]
    public void Questions_that_a_later_message_of_the_same_post_answers_are_not_asked()
    {
        InboundEvent[] post = [Event("a", InboundKind.Text, "عمود إنارة مكسور"), Photo("b", "11"), Pin("c", 26.4282, 50.0881), Photo("d", "12")];

        var result = Dialogue.Run(Channel.WhatsApp, null, post, s_policy, s_start);

        Assert.Single(result.Submissions);
        Assert.Equal(["11", "12"], result.Media.Select(file => file.Media.Id));
        Assert.Equal(["dialogue.attached"], result.Replies.Select(reply => reply.Template));
        Assert.Equal(["dialogue.askPlace"], Dialogue.Run(Channel.WhatsApp, null, post[..1], s_policy, s_start).Replies.Select(reply => reply.Template));
        Assert.Equal(["dialogue.stillPlace"], Dialogue.Run(Channel.WhatsApp, null, post[..2], s_policy, s_start).Replies.Select(reply => reply.Template));
    }

    [Fact]
    public void The_same_events_make_the_same_report_and_a_known_one_changes_nothing()
    {
        InboundEvent[] post = [Event("a", InboundKind.Text, "عمود إنارة مكسور"), Pin("c", 26.4282, 50.0881)];

        var once = Dialogue.Run(Channel.WhatsApp, null, post, s_policy, s_start);
        var twice = Dialogue.Run(Channel.WhatsApp, null, [.. post, .. post], s_policy, s_start);
        var again = Dialogue.Run(Channel.WhatsApp, once.State, post, s_policy, s_start.AddHours(1));

        Assert.Equal(Json(once.State), Json(twice.State));
        Assert.Equal(once.Submissions, twice.Submissions);
        Assert.Empty(again.Submissions);
        Assert.Empty(again.Replies);
        Assert.Equal(Json(once.State), Json(again.State));
    }

    [Fact]
    public void The_state_survives_being_written_down_at_every_step()
    {
        var talk = new Talk { WritesDown = true };
        talk.Text("English");
        talk.Text("Broken light");
        talk.Photo("11");
        talk.Text("??");
        talk.Pin(26.4282, 50.0881);
        talk.Photo("12");

        Assert.Equal(("en", "Broken light", 2), (talk.State!.Language, talk.Submissions[0].Text, talk.Media.Count));
    }

    [Fact]
    public void Only_the_last_event_ids_are_remembered()
    {
        var talk = new Talk();
        for (var text = 0; text < 120; text++)
        {
            talk.Text("حفرة في الشارع");
        }

        Assert.Equal(DialogueState.Memory, talk.State!.Seen.Count);
        Assert.Equal("e120", talk.State.Seen[^1]);
    }

    [Fact]
    public void A_report_is_never_longer_than_the_policy_allows()
    {
        var talk = new Talk();
        talk.Photo("11", new string('ن', 9000));
        talk.Pin(26.4282, 50.0881);

        Assert.Equal(s_policy.Intake.MaxTextLength, talk.Submissions[0].Text!.Length);
    }

    [Theory]
    [InlineData("\u202Eعمود مكسور\u202C\u0007", "عمود مكسور")]
    [InlineData("عمود\u200cمكسور 💡\ud83d", "عمود\u200cمكسور 💡")]
    public void Marks_that_turn_or_break_a_text_are_taken_out(string sent, string kept)
    {
        var talk = new Talk();
        talk.Text(sent);

        Assert.Equal(kept, talk.State!.Draft!.Text);
    }

    [Fact]
    public void A_sender_without_phone_is_served_all_the_same()
    {
        var talk = new Talk { Phone = null };
        talk.Text("حفرة في الشارع");
        talk.Pin(26.4282, 50.0881);

        Assert.Single(talk.Submissions);
        Assert.Null(talk.State!.Phone);
    }

    private static string Json(DialogueState state) => JsonSerializer.Serialize(state, DialogueJson.Compact.DialogueState);

    private static string ArabicDigits(string number) => string.Concat(number.Select(digit => (char)('٠' + (digit - '0'))));

    private static InboundEvent Event(string id, InboundKind kind, string? text = null, DateTimeOffset? at = null) =>
        new(id, kind, at ?? s_start, at ?? s_start, text, "+966500000001");

    private static InboundEvent Photo(string id, string media, string? caption = null, DateTimeOffset? at = null) =>
        Event(id, InboundKind.Media, caption, at) with { Media = new InboundMedia(media, "image/jpeg", null, false) };

    private static InboundEvent Pin(string id, double lat, double lon, DateTimeOffset? at = null) =>
        Event(id, InboundKind.Location, at: at) with { Lat = lat, Lon = lon };

    /// <summary>A citizen who writes, a minute after each other.</summary>
    private sealed class Talk
    {
        private int _events;

        public DateTimeOffset Now { get; set; } = s_start;

        public string? Phone { get; init; } = "+966500000001";

        public bool WritesDown { get; init; }

        public DialogueState? State { get; private set; }

        public IReadOnlyList<Reply> Replies { get; private set; } = [];

        public List<Submission> Submissions { get; } = [];

        public List<MediaOfReport> Media { get; } = [];

        public Talk Wait(TimeSpan time)
        {
            Now += time;
            return this;
        }

        public Talk Text(string text) => Send(InboundKind.Text, text);

        public Talk Photo(string media, string? caption = null) => Take(DialogueTests.Photo(NextId(), media, caption, Now));

        public Talk Voice(string media) => Take(
            Event(NextId(), InboundKind.Media, null, Now) with { Media = new InboundMedia(media, "audio/ogg; codecs=opus", null, true) });

        public Talk Pin(double lat, double lon, string? name = null) => Take(DialogueTests.Pin(NextId(), lat, lon, Now) with { PlaceName = name });

        public Talk Choose(string id) => Take(Event(NextId(), InboundKind.Choice, "زر", Now) with { ChoiceId = id });

        public Talk Send(InboundKind kind, string? text = null) => Take(Event(NextId(), kind, text, Now));

        public void Hears(params string[] templates) => Assert.Equal(templates, Replies.Select(reply => reply.Template));

        private string NextId() => "e" + ++_events;

        private Talk Take(InboundEvent e)
        {
            var result = Dialogue.Step(Channel.WhatsApp, State, e with { Phone = Phone }, s_policy, Now);
            State = WritesDown ? JsonSerializer.Deserialize(Json(result.State), DialogueJson.Compact.DialogueState) : result.State;
            Replies = result.Replies;
            Submissions.AddRange(result.Submissions);
            Media.AddRange(result.Media);
            Now += TimeSpan.FromMinutes(1);
            return this;
        }
    }
}
