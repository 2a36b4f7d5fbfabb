// Signs PDF files with a software key by PDFBox and BouncyCastle, incrementally, in one JVM: the baseline of a Java station.
// Arguments: PKCS#8 key (DER), certificate (DER), folder, rounds of warming. Prints milliseconds a file, one a line.
import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.*;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.*;

public class SignAll {
  public static void main(String[] args) throws Exception {
    PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of(args[0]))));
    X509Certificate certificate = (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(Files.readAllBytes(Path.of(args[1]))));
    File[] files = new File(args[2]).listFiles((dir, name) -> name.endsWith(".pdf"));
    int warming = Integer.parseInt(args[3]);
    for (int round = 0; round <= warming; round++) {
      for (File file : files) {
        byte[] bytes = Files.readAllBytes(file.toPath());
        long began = System.nanoTime();
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 40000);
        try (PDDocument document = PDDocument.load(bytes)) {
          PDSignature signature = new PDSignature();
          signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
          signature.setSubFilter(COSName("ETSI.CAdES.detached"));
          signature.setSignDate(Calendar.getInstance());
          SignatureOptions options = new SignatureOptions();
          options.setPreferredSignatureSize(5120);
          document.addSignature(signature, content -> sign(content, key, certificate), options);
          document.saveIncremental(out);
        }
        double ms = (System.nanoTime() - began) / 1e6;
        if (round == warming) System.out.println(ms);
      }
    }
  }

  static org.apache.pdfbox.cos.COSName COSName(String name) {
    return org.apache.pdfbox.cos.COSName.getPDFName(name);
  }

  static byte[] sign(InputStream content, PrivateKey key, X509Certificate certificate) throws IOException {
    try {
      ContentSigner signer = new JcaContentSignerBuilder("SHA256WithRSA").build(key);
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build()).build(signer, certificate));
      generator.addCertificates(new JcaCertStore(List.of(certificate)));
      return generator.generate(new CMSProcessableByteArray(IOUtils.toByteArray(content)), false).getEncoded();
    } catch (GeneralSecurityException | CMSException | org.bouncycastle.operator.OperatorCreationException e) {
      throw new IOException(e);
    }
  }
}
