using System.Text.Json.Serialization;
using Serverless940.Core.Geo;
using Serverless940.Core.Messages;
using Serverless940.Core.Policies;
using Serverless940.Core.Routing;
using Serverless940.Core.Text;

namespace Serverless940.Core.Reports;

/// <summary>A report as a caller of the API writes it. Nothing in it is trusted before <see cref="IntakeCheck"/>.</summary>
public sealed record IntakeRequest(
    ReportKind? Kind,
    string? Category,
    string? Text,
    IntakeLocation? Location,
    IntakeReporter? Reporter,
    Channel? Channel,
    IReadOnlyList<IntakeFile>? Attachments);

public sealed record IntakeLocation(double? Lat, double? Lon, string? Address, string? NationalAddress, string? PlateCode, string? Municipality);

public sealed record IntakeReporter(string? Phone, string? Name, string? Language);

/// <summary>A small file inside the JSON; larger ones go by multipart or by a later upload.</summary>
public sealed record IntakeFile(string? ContentType, byte[]? Data);

/// <summary>JSON of the API's requests.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IntakeRequest))]
public sealed partial class IntakeJson : JsonSerializerContext;

/// <summary>A request that holds together.</summary>
public sealed record CheckedIntake(
    ReportKind Kind, string? Category, string? Text, ReportPlace? Place, Reporter Reporter, Channel Channel);

/// <summary>Checks an intake request against the policy; finds everything that is wrong at once.</summary>
public static class IntakeCheck
{
    private const int LongestName = 100;
    private const int LongestAddress = 300;
    private const int LongestPlate = 40;

    /// <summary>The checked request, or what needs correcting.</summary>
    public static (CheckedIntake? Intake, IReadOnlyList<FieldError> Errors) Check(IntakeRequest request, bool hasFiles, Policy policy, Channel fallback)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        var errors = new List<FieldError>();
        var text = PlainText.Clean(request.Text);
        if (text?.Length > policy.Intake.MaxTextLength)
        {
            errors.Add(Error("text", $"النص أطول من {policy.Intake.MaxTextLength} حرف", $"The text is longer than {policy.Intake.MaxTextLength} characters"));
        }

        if (request.Category is not null && !policy.Categories.ContainsKey(request.Category))
        {
            errors.Add(Error("category", "لا يوجد تصنيف بهذا الرمز", "There is no category of this code"));
        }

        if (text is null && request.Category is null && !hasFiles)
        {
            errors.Add(Error("text", "صفوا المشكلة أو اختاروا تصنيفًا", "Describe the problem or choose a category"));
        }

        var phone = PhoneOf(request.Reporter, errors);
        var place = PlaceOf(request.Location, policy, errors);
        // Not besides what is wrong with the place or the phone that came; an empty one did not come.
        if (place is null && phone is null && !hasFiles && !errors.Exists(error => error.Field == "reporter.phone" || error.Field.StartsWith("location", StringComparison.Ordinal)))
        {
            errors.Add(Error("location", "نحتاج موقعًا أو رقم جوال", "A place or a phone number is needed"));
        }

        if (request.Reporter?.Name?.Length > LongestName)
        {
            errors.Add(Error("reporter.name", "الاسم طويل", "The name is too long"));
        }

        var channel = request.Channel ?? fallback;
        if (channel is not (Channel.App or Channel.Web) && channel != fallback)
        {
            errors.Add(Error("channel", "القناة app أو web", "The channel is app or web"));
        }

        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var language = Language(request.Reporter?.Language, policy);
        return (new CheckedIntake(request.Kind ?? ReportKind.Report, request.Category, text, place,
            new Reporter(phone, false, PlainText.Clean(request.Reporter?.Name), language), channel), errors);
    }

    /// <summary>The primary subtag of a language tag, or the city's own language.</summary>
    public static string Language(string? tag, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var primary = tag?.Split('-', '_')[0].ToLowerInvariant();
        return primary is { Length: 2 or 3 } && primary.All(char.IsAsciiLetterLower) ? primary : policy.City.DefaultLanguage;
    }

    private static string? PhoneOf(IntakeReporter? reporter, List<FieldError> errors)
    {
        if (string.IsNullOrWhiteSpace(reporter?.Phone))
        {
            return null;
        }

        var phone = PhoneNumber.TryNormalize(reporter.Phone);
        if (phone is null)
        {
            errors.Add(Error("reporter.phone", "لا يوجد رقم هاتف كهذا", "No phone number looks like this"));
        }

        return phone;
    }

    private static ReportPlace? PlaceOf(IntakeLocation? location, Policy policy, List<FieldError> errors)
    {
        if (location is null)
        {
            return null;
        }

        if (location.Lat is null != location.Lon is null)
        {
            errors.Add(Error("location", "خط العرض وخط الطول معًا", "Latitude and longitude come together"));
        }
        else if (location is { Lat: { } lat, Lon: { } lon })
        {
            CheckPoint(new GeoPoint(lat, lon), policy, errors);
        }

        string? national = null;
        if (!string.IsNullOrWhiteSpace(location.NationalAddress) && !NationalAddress.TryNormalize(location.NationalAddress, out national))
        {
            errors.Add(Error("location.nationalAddress", "العنوان الوطني المختصر أربعة حروف وأربعة أرقام", "A National Address short code is four letters and four digits"));
        }

        if (location.Municipality is not null && !policy.Municipalities.ContainsKey(location.Municipality))
        {
            errors.Add(Error("location.municipality", "لا توجد بلدية بهذا الرمز", "There is no municipality of this code"));
        }

        var address = PlainText.Clean(location.Address);
        if (address?.Length > LongestAddress)
        {
            errors.Add(Error("location.address", "العنوان طويل", "The address is too long"));
        }

        var plate = PlainText.Clean(location.PlateCode);
        if (plate?.Length > LongestPlate)
        {
            errors.Add(Error("location.plateCode", "رمز اللوحة طويل", "The plate's code is too long"));
        }

        var place = new ReportPlace(location.Lat, location.Lon, address, national, plate, location.Municipality);
        return place == new ReportPlace() ? null : place;
    }

    private static void CheckPoint(GeoPoint point, Policy policy, List<FieldError> errors)
    {
        switch (PlaceCheck.Check(policy, point.Lat, point.Lon))
        {
            case PlaceVerdict.Accepted:
                break;
            case PlaceVerdict.Swapped:
                errors.Add(Error("location", "يبدو أن خطي العرض والطول مقلوبان", "Latitude and longitude look swapped"));
                break;
            case PlaceVerdict.Nowhere:
                errors.Add(Error("location", "إحداثيات غير صحيحة", "These are no coordinates"));
                break;
            default:
                errors.Add(Error("location", "الموقع خارج نطاق الخدمة", "The place is outside of the served area"));
                break;
        }
    }

    private static FieldError Error(string field, string arabic, string english) => new(field, new LocalizedText(arabic, english));
}
