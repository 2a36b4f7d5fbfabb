// PDFBox and BouncyCastle as judge and as another signer, in one process for many files. Commands on standard input, one a line,
// tab-separated: "verify PATH" | "sign IN OUT P12 FIELD SUBFILTER" (FIELD "-": a new one); one answer line each.
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.List;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TimeStampToken;

public class PdfBoxJudge {
  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split("\t");
      String answer;
      try {
        answer = words[0].equals("verify") ? verify(words[1]) : sign(words);
      } catch (Throwable problem) {
        answer = "error " + problem.toString().replaceAll("[\r\n\t]", " ");
      }
      System.out.println(answer);
      System.out.flush();
    }
  }

  static String verify(String path) throws Exception {
    byte[] file;
    try (InputStream stream = new FileInputStream(path)) { file = IOUtils.toByteArray(stream); }
    List<String> answers = new ArrayList<>();
    try (PDDocument document = PDDocument.load(file)) {
      for (PDSignature signature : document.getSignatureDictionaries()) {
        int[] range = signature.getByteRange();
        boolean whole = range[2] + range[3] == file.length;
        boolean valid;
        try {
          valid = isValid(signature.getSubFilter(), signature.getContents(file), signature.getSignedContent(file));
        } catch (Exception problem) {
          valid = false;
        }
        answers.add((valid ? "valid" : "wrong") + (whole ? " whole" : " part"));
      }
    }
    return "ok " + String.join(";", answers);
  }

  static boolean isValid(String subFilter, byte[] contents, byte[] content) throws Exception {
    if ("ETSI.RFC3161".equals(subFilter)) {
      TimeStampToken token = new TimeStampToken(new CMSSignedData(contents));
      X509CertificateHolder holder = first(token.getCertificates().getMatches(token.getSID()));
      token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder));
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return Arrays.equals(digest, token.getTimeStampInfo().getMessageImprintDigest());
    }
    CMSSignedData data = new CMSSignedData(new CMSProcessableByteArray(content), contents);
    for (SignerInformation signer : data.getSignerInfos().getSigners()) {
      X509CertificateHolder holder = first(data.getCertificates().getMatches(signer.getSID()));
      if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder))) return false;
    }
    return data.getSignerInfos().size() > 0;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static X509CertificateHolder first(Collection found) {
    return (X509CertificateHolder) found.iterator().next();
  }

  static String sign(String[] words) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = new FileInputStream(words[3])) { store.load(stream, "pin".toCharArray()); }
    String alias = store.aliases().nextElement();
    PrivateKey key = (PrivateKey) store.getKey(alias, "pin".toCharArray());
    X509Certificate certificate = (X509Certificate) store.getCertificate(alias);
    String subFilter = words[5];
    try (PDDocument document = PDDocument.load(new File(words[1])); FileOutputStream out = new FileOutputStream(words[2])) {
      PDSignature signature = new PDSignature();
      signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
      signature.setSubFilter(COSName.getPDFName(subFilter));
      signature.setSignDate(Calendar.getInstance());
      if (!words[4].equals("-")) {
        PDSignatureField field = (PDSignatureField) document.getDocumentCatalog().getAcroForm().getField(words[4]);
        field.setValue(signature);
      }
      document.addSignature(signature, content -> {
        try {
          return cms(key, certificate, IOUtils.toByteArray(content), subFilter.startsWith("ETSI"));
        } catch (Exception problem) {
          throw new java.io.IOException(problem);
        }
      });
      document.saveIncremental(out);
    }
    return "ok";
  }

  /** BouncyCastle's own encoding: BER with indefinite lengths. */
  static byte[] cms(PrivateKey key, X509Certificate certificate, byte[] content, boolean withCertificateHash) throws Exception {
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    JcaSignerInfoGeneratorBuilder builder = new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider("BC").build());
    if (withCertificateHash) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      ASN1EncodableVector attributes = new ASN1EncodableVector();
      attributes.add(new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2, new DERSet(new SigningCertificateV2(new ESSCertIDv2(hash)))));
      builder.setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes)));
    }
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    generator.addSignerInfoGenerator(builder.build(new JcaContentSignerBuilder(algorithm).setProvider("BC").build(key), certificate));
    generator.addCertificates(new JcaCertStore(Arrays.asList(certificate)));
    return generator.generate(new CMSProcessableByteArray(content), false).getEncoded();
  }
}
